// What an editor stands on while others may save too.
import { useRef } from "./preact.js";

/**
 * The newest answer of `useData` until something is typed, then the one that was written over: saving it says that it
 * is old, and nothing typed is lost. The first one is never what is merely known from before.
 * `hold(isDirty)` is called with each drawing of the editor.
 */
export function useGround({ data, isLoading }) {
  const [ground, isHeld] = [useRef(/** @type {typeof data} */ (undefined)), useRef(false)];
  const isFresh = ground.current !== undefined || !isLoading;
  if (data !== undefined && isFresh && !isHeld.current) ground.current = data;
  return {
    data: ground.current,
    hold: (isDirty) => { isHeld.current = isDirty; },
    /** Takes the next answer, such as the one to saving. */
    release: () => { isHeld.current = false; },
    /** Lets go of what was written over, and waits for what the server has now. */
    restart: () => {
      isHeld.current = false;
      ground.current = undefined;
    },
  };
}
