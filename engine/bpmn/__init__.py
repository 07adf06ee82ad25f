"""The only place that imports SpiffWorkflow: parses BPMN and takes steps."""
