/** Files as a deployment names them: `processes/` and `forms/` of a checkout are left out, as the command line does. */
export function fileName(path: string): string {
  return path.replace(/\\/g, "/").replace(/^(\.?\/)+/, "").replace(/^(?:.*\/)?(?:processes|forms)\//, "");
}
