// The one connection of a tab over which the server says which topics changed; open only while something is shown that
// has topics. Comes back by itself, slower each time, and then all that is shown is asked for again.
const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
const IDLE_MS = 5000; // without a reader, as from one page to the next

/** How long to wait before the next try; spread, so that not all tabs come back at once. */
export const waitOf = (tries, chance = Math.random()) =>
  Math.min(FIRST_MS * 2 ** tries, LONGEST_MS) * (0.75 + chance / 2);

export class Changes {
  #options;
  #source = null;
  #readers = 0;
  #tries = 0;
  #timer;
  #idle;

  /**
   * `open()` gives an EventSource; `keepSession()` waits until somebody is signed in, which a stream cannot tell from
   * a lost line; `onTopics(topics)` hears what changed, null for whatever may have.
   * @param {{open: () => any, keepSession: () => Promise<unknown>, onTopics: (topics: string[] | null) => void,
   *   later?: (run: () => void, ms: number) => any, forget?: (timer: any) => void}} options
   */
  constructor(options) {
    this.#options = { later: setTimeout.bind(globalThis), forget: clearTimeout.bind(globalThis), ...options };
  }

  /** Listens for one reader more, until the function returned is called. */
  listen() {
    this.#readers += 1;
    this.#options.forget(this.#idle);
    if (!this.#source && this.#timer === undefined) this.#open();
    return () => {
      this.#readers -= 1;
      if (!this.#readers) this.#idle = this.#options.later(() => this.#close(), IDLE_MS);
    };
  }

  #open() {
    const source = this.#options.open();
    this.#source = source;
    source.addEventListener("open", () => {
      if (this.#tries) this.#options.onTopics(null);
      this.#tries = 0;
    });
    source.addEventListener("topics", ({ data }) => this.#options.onTopics(JSON.parse(data)));
    source.addEventListener("lagged", () => this.#options.onTopics(null));
    source.addEventListener("error", () => this.#retry(source));
  }

  // The browser gives up on answers other than 200 and waits long after others: we close and try again ourselves.
  #retry(source) {
    source.close();
    if (source !== this.#source) return;
    this.#source = null;
    const wait = waitOf(this.#tries);
    this.#tries += 1;
    this.#timer = this.#options.later(async () => {
      await this.#options.keepSession();
      this.#timer = undefined;
      if (this.#readers && !this.#source) this.#open();
    }, wait);
  }

  #close() {
    if (this.#readers) return;
    this.#source?.close();
    this.#source = null;
    this.#options.forget(this.#timer);
    this.#timer = undefined;
  }
}
