/** Prints a file that needs a sign-in: it opens in a tab of its own, in the browser's viewer, which prints it. */
import { problemOf } from "@/client/problem";

const KEPT_MS = 10 * 60_000;

/**
 * Opens a PDF to be printed; to be called from a click, for else the browser opens no tab. Where it opens none anyway,
 * the file is saved. Throws `Problem` when the file is refused.
 */
export async function openToPrint(href: string, name: string): Promise<void> {
  const tab = window.open("", "_blank");
  try {
    const answer = await fetch(href, { credentials: "same-origin" });
    if (!answer.ok) throw problemOf(await answer.json().catch(() => undefined), answer.status);
    const address = URL.createObjectURL(await answer.blob());
    if (tab) tab.location.href = address;
    else {
      const link = document.createElement("a");
      link.href = address;
      link.download = `${name}.pdf`;
      link.click();
    }
    setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
  } catch (error) {
    tab?.close();
    throw error;
  }
}
