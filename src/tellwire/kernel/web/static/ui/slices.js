// Long work in slices short enough that the page still answers: sorting and exporting 100,000 rows block no frame.
const SLICE_MS = 8; // half a frame at 60 a second: the other half is the page's

/** A promise of the next turn of the event loop, after what the browser has to draw or answer. */
const turn = () => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { port1.close(); resolve(undefined); };
  port2.postMessage(null);
});

/**
 * Runs a generator to its end, a slice at a time, and resolves to what it returns.
 * @template Result
 * @param {Generator<unknown, Result>} steps each `yield` is a place where it may rest
 * @param {AbortSignal} [signal] ends it early; the promise then rejects
 * @param {() => number} [now]
 * @returns {Promise<Result>}
 */
export async function inSlices(steps, signal, now = () => performance.now()) {
  for (;;) {
    const end = now() + SLICE_MS;
    while (now() < end) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
    await turn();
    signal?.throwIfAborted();
  }
}

/**
 * What a generator returns, at once: for work known to be short.
 * @template Result
 * @param {Generator<unknown, Result>} steps
 * @returns {Result}
 */
export function atOnce(steps) {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
