/** Files as a deployment names them: `processes/` and `forms/` of a checkout are left out, as the command line does. */
export function fileName(path: string): string {
  return path.replace(/\\/g, "/").replace(/^(\.?\/)+/, "").replace(/^(?:.*\/)?(?:processes|forms)\//, "");
}

/** Returns who deployed as people write it: a username, or `installation` for what came with the software. */
export function whoDeployed(actor: string, installation: string): string {
  return actor === "system" ? installation : actor.replace(/^user:/, "");
}
