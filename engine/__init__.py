"""The workflow core: knows BPMN, knows nothing of disputes and nothing of Flask."""
