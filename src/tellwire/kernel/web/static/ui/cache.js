// What the server answered, by address: shown at once to whoever comes back, and asked for again behind it.
// Draws nothing and knows no network: `load(signal)` of each entry asks.
//
//     nothing -> loading -> fresh -> stale (a topic changed, or nobody looked) -> loading, shown meanwhile -> fresh
//
// A change that the server has not taken yet stands over what is known, and over each answer that comes meanwhile: it
// is never seen to jump back and forth. What the server refuses is taken off again.
const LIMIT = 200; // answers kept that nobody looks at; beyond it those unused longest go
const FRESH_MS = 2000; // what is younger is not asked for again by a page that opens
const REST_FACTOR = 10; // after an answer that took a second, the next of the same is asked for ten seconds later

/** What a reader sees: `data` stays while it is asked for again, `error` stands until an answer comes. */
const BLANK = { data: undefined, error: null, isLoading: false };

export class Cache {
  #entries = new Map(); // by key, the one used last at the end
  #now;
  #later;

  /** @param {{now?: () => number, later?: (run: () => void, ms: number) => unknown}} clock */
  constructor({ now = () => performance.now(), later = (run, ms) => setTimeout(run, ms) } = {}) {
    this.#now = now;
    this.#later = later;
  }

  /** What is known under `key`. */
  read(key) {
    return this.#entries.get(key)?.state ?? BLANK;
  }

  /**
   * Tells `tell()` of each change under `key` until the function returned is called; asks with `load` unless what is
   * known is fresh. Whoever asks for the same while it is on its way waits for that answer; the last to leave ends it.
   * @param {string} key
   * @param {(signal: AbortSignal) => Promise<unknown>} load
   * @param {readonly string[]} topics
   * @param {() => void} tell
   */
  watch(key, load, topics, tell) {
    const entry = this.#use(key, load, topics);
    const reader = () => tell(); // the same function may read twice
    entry.readers.add(reader);
    if (!this.#isFresh(entry)) this.#ask(entry);
    return () => {
      entry.readers.delete(reader);
      if (entry.readers.size === 0) this.#drop(entry);
    };
  }

  /** Asks before somebody comes, such as when the pointer rests on a link. */
  prefetch(key, load, topics = []) {
    const entry = this.#use(key, load, topics);
    if (!this.#isFresh(entry)) this.#ask(entry);
  }

  /** Asks again, whatever is known and whatever is on its way, which may be from before a change. */
  reload(key) {
    const entry = this.#entries.get(key);
    if (entry) this.#ask(entry, true);
  }

  /** Asks again unless an answer is on its way or came not long ago, for what it costs. */
  refresh(key) {
    const entry = this.#entries.get(key);
    if (entry && this.#restOf(entry) <= 0) this.#ask(entry);
  }

  /** Takes what is known better than what is on its way, such as the answer to a change. */
  put(key, data) {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.abort?.abort();
    entry.abort = null;
    Object.assign(entry, { at: this.#now(), known: data });
    this.#show(entry, { error: null, isLoading: false });
  }

  /**
   * Marks as stale whatever has one of the `topics`, or everything for null; what somebody looks at is asked for again,
   * after a rest unless `isNow`: who changed something waits for it.
   */
  invalidate(topics, { isNow = false } = {}) {
    for (const entry of this.#entries.values()) {
      if (topics && !entry.topics.some((topic) => topics.includes(topic))) continue;
      entry.at = null;
      if (!entry.readers.size) continue;
      if (isNow) this.#ask(entry, true);
      else this.#askRested(entry);
    }
  }

  /**
   * Shows `change(data)` at once while `send` asks the server; what it refuses is taken back. An answer of meanwhile
   * may have the change already: `change` of what is changed so gives the same.
   * Resolves with the server's answer, rejects with its error.
   */
  async write(key, change, send) {
    const entry = this.#entries.get(key);
    const pending = { change };
    entry?.pending.add(pending);
    if (entry) this.#show(entry, {});
    try {
      const answer = await send();
      if (entry && entry.known !== undefined) entry.known = change(entry.known); // until it is asked for again
      return answer;
    } finally {
      entry?.pending.delete(pending);
      if (entry) {
        entry.at = null;
        this.#show(entry, {});
        if (entry.readers.size) this.reload(key);
      }
    }
  }

  /** Forgets everything, as when somebody else signs in; whoever still reads hears no more. */
  clear() {
    for (const { abort } of this.#entries.values()) abort?.abort();
    this.#entries.clear();
  }

  #use(key, load, topics) {
    const entry = this.#entries.get(key)
      ?? { key, state: BLANK, known: undefined, pending: new Set(), readers: new Set(), abort: null, at: null,
        asked: -Infinity, tookMs: 0, isWaiting: false };
    Object.assign(entry, { load, topics });
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const unread = [...this.#entries.values()].filter((one) => one.readers.size === 0 && one !== entry);
    for (const one of unread.slice(0, Math.max(0, unread.length - LIMIT))) this.#entries.delete(one.key);
    return entry;
  }

  /** Ends what nobody waits for any more; what is known stays. */
  #drop(entry) {
    entry.abort?.abort();
    entry.abort = null;
    if (this.#entries.get(entry.key) !== entry) return; // forgotten meanwhile
    if (entry.known === undefined) this.#entries.delete(entry.key);
    else entry.state = { ...entry.state, isLoading: false };
  }

  #isFresh = ({ at, state }) => at !== null && !state.error && this.#now() - at < FRESH_MS;

  /** How many ms from now an entry may be asked for again by itself. */
  #restOf = ({ asked, tookMs }) => asked + Math.max(FRESH_MS, REST_FACTOR * tookMs) - this.#now();

  /** Asks again, but not so often that a busy server does nothing else. */
  #askRested(entry) {
    if (entry.isWaiting) return;
    const rest = this.#restOf(entry);
    if (rest <= 0) return this.#ask(entry, true);
    entry.isWaiting = true;
    this.#later(() => {
      entry.isWaiting = false;
      if (entry.readers.size && this.#entries.get(entry.key) === entry) this.#ask(entry, true);
    }, rest);
  }

  async #ask(entry, isAnew = false) {
    if (entry.abort && !isAnew) return;
    entry.abort?.abort();
    const abort = new AbortController();
    const began = this.#now();
    Object.assign(entry, { abort, asked: began });
    this.#show(entry, { isLoading: true });
    try {
      const known = await entry.load(abort.signal);
      if (abort.signal.aborted) return;
      Object.assign(entry, { known, at: began, tookMs: this.#now() - began, abort: null });
      this.#show(entry, { error: null, isLoading: false });
    } catch (error) {
      if (abort.signal.aborted) return;
      Object.assign(entry, { abort: null, tookMs: this.#now() - began });
      this.#show(entry, { error, isLoading: false });
    }
  }

  /** What is known with what is on its way to the server over it. */
  #show(entry, state) {
    const { known, pending } = entry;
    const data = known === undefined ? undefined : [...pending].reduce((old, { change }) => change(old), known);
    entry.state = { ...entry.state, ...state, data };
    for (const tell of [...entry.readers]) tell();
  }
}
