/** Whether the screen is as narrow as a phone's: the width at which `base.css` and the frame change. */
import { onScopeDispose, ref, type Ref } from "vue";

export function useNarrow(): Ref<boolean> {
  const query = window.matchMedia("(max-width: 820px)");
  const isNarrow = ref(query.matches);
  const look = () => (isNarrow.value = query.matches);
  query.addEventListener("change", look);
  onScopeDispose(() => query.removeEventListener("change", look));
  return isNarrow;
}
