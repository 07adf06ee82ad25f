/** Keeps photos in the browser until the server has all of them, so that a killed tab does not lose what was chosen. */
const BASE = "tingzhu.application-files";
const STORE = "files";

export interface Shelved {
  /** SHA-256, hexadecimal. */
  sha256: string;
  name: string;
  content: Blob;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's store refused"));
  });
}

/** Does `act` on the store and returns its result; `otherwise` where the browser keeps no store. */
async function within<R, T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<R>, otherwise: T): Promise<R | T> {
  try {
    const opening = indexedDB.open(BASE, 1);
    opening.onupgradeneeded = () => void opening.result.createObjectStore(STORE, { keyPath: "sha256" });
    const base = await settled(opening);
    try {
      return await settled(act(base.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      base.close();
    }
  } catch {
    return otherwise; // the photo is chosen again then
  }
}

export async function shelve(one: Shelved): Promise<void> {
  await within("readwrite", (store) => store.put(one), undefined);
}
export async function unshelve(sha256: string): Promise<void> {
  await within("readwrite", (store) => store.delete(sha256), undefined);
}
export async function shelved(): Promise<Shelved[]> {
  return within("readonly", (store) => store.getAll() as IDBRequest<Shelved[]>, []);
}
export async function clearShelf(): Promise<void> {
  await within("readwrite", (store) => store.clear(), undefined);
}
