// Asks before unsaved changes are lost.
import { html, useLayoutEffect } from "/static/shared/ui/preact.js";
import { ask } from "/static/shared/ui/dialog.js";
import { guardWith } from "/static/shared/ui/router.js";

const mayLeave = () => ask({
  title: "Leave without saving?", body: html`<p>What you changed here is not saved.</p>`,
  yes: "Leave", no: "Stay", isDangerous: true,
});

/** `onLeave` hears that somebody chose to leave, and with it to lose what is unsaved. */
export function useGuard(isDirty, onLeave = () => {}) {
  useLayoutEffect(() => { // before the next click: one in the same frame would leave unasked
    const leave = async () => {
      const isYes = await mayLeave();
      if (isYes) onLeave();
      return isYes;
    };
    guardWith(isDirty ? leave : null);
    return () => guardWith(null);
  }, [isDirty]);
}
