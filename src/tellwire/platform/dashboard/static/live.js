// What happens now, over server-sent events; comes back by itself and says how the line stands.
import { batch, signal } from "/static/shared/ui/preact.js";
import { api, get, query } from "./api.js";
import { eventOf, messageOf } from "./shape.js";

const KEPT = 300; // rows a column keeps; older ones are on their own pages
const FULL = 100; // a report as long as this may have passed over others: what we hold may be stale
const CATCH_UP_MS = 1500; // the most often that we then ask for everything anew
const PAGES = 4; // of events that are looked through for some that are not about messages
const FEW = 20;
const DRAW_MS = 100; // what comes within this is merged and drawn together
const FIRST_MS = 1000;
const LONGEST_MS = 15_000;

/** What became of our own messages comes back as events too: they may trigger campaigns, and would hide the rest. */
export const isAboutMessages = ({ name }) => /^Notification (Sent|Delivered|Failed|Clicked|Replied)$/i.test(name);

/** One live view: newest first, merged by id so that a row moves its status in place. */
export class Live {
  events = signal([]);
  messages = signal([]);
  line = signal("connecting"); // connecting | live | waiting
  isLoaded = signal(false);
  error = signal(null);
  #pending = { events: [], messages: [] };
  #drawing = 0;
  #source = null;
  #timer = 0;
  #catchingUp = 0;
  #wait = FIRST_MS;
  #isStopped = false;

  start() {
    this.#isStopped = false;
    this.#load(PAGES);
    this.#open();
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#catchingUp);
    clearTimeout(this.#drawing);
    this.#source?.close();
  }

  async #load(pages = 1) {
    try {
      const [events, { messages }] = await Promise.all([recentEvents(pages), get(`/messages?limit=${KEPT}`)]);
      this.#take(events, messages);
      this.#draw();
      batch(() => { this.isLoaded.value = true; this.error.value = null; });
    } catch (error) {
      if (!this.#isStopped) this.error.value = error;
    }
  }

  #open() {
    const source = new EventSource("/api/live");
    this.#source = source;
    source.addEventListener("open", () => {
      if (this.line.value === "waiting") this.#load(); // what happened while we were away
      this.line.value = "live";
      this.#wait = FIRST_MS;
    });
    source.addEventListener("changes", (message) => {
      const { events = [], messages = [] } = JSON.parse(message.data);
      this.#take(events, messages);
      if (Math.max(events.length, messages.length) >= FULL) this.#catchUp();
    });
    source.addEventListener("lagged", () => this.#catchUp());
    source.addEventListener("error", () => this.#retry(source));
  }

  #catchUp() {
    this.#catchingUp ||= setTimeout(() => { this.#catchingUp = 0; this.#load(); }, CATCH_UP_MS);
  }

  // The browser gives up on answers other than 200 and waits long after others: we close and try again ourselves.
  #retry(source) {
    source.close();
    if (this.#isStopped) return;
    this.line.value = "waiting";
    this.#timer = setTimeout(async () => {
      await api.keepSession();
      if (!this.#isStopped) this.#open();
    }, this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(2 * this.#wait, LONGEST_MS);
  }

  #take(events, messages) {
    this.#pending.events.push(...events.map(eventOf));
    this.#pending.messages.push(...messages.map(messageOf));
    const isFull = this.#pending.events.length + this.#pending.messages.length > 2 * KEPT;
    if (isFull) this.#draw(); // a hidden tab's timers are slow
    else this.#drawing ||= setTimeout(() => this.#draw(), DRAW_MS);
  }

  #draw() {
    clearTimeout(this.#drawing);
    this.#drawing = 0;
    const { events, messages } = this.#pending;
    this.#pending = { events: [], messages: [] };
    batch(() => {
      if (events.length) this.events.value = mergeEvents(this.events.value, events);
      if (messages.length) this.messages.value = merge(this.messages.value, messages).slice(0, KEPT);
    });
  }
}

// Ids are in order of time, so newest first is the order of ids, backwards.
// A row that did not change stays the very same.
function merge(known, fresh) {
  const rows = new Map(known.map((row) => [row.id, row]));
  for (const row of fresh) {
    const old = rows.get(row.id);
    if (!old || isNewer(row, old)) rows.set(row.id, row);
  }
  return [...rows.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** A message tells when it changed; an event only by what it led to. */
function isNewer(row, old) {
  if (!row.updated_at) return row.messages !== old.messages || row.skips !== old.skips;
  const isMoved = row.status !== old.status || row.detail !== old.detail;
  return row.updated_at > old.updated_at || (row.updated_at === old.updated_at && isMoved);
}

// Each kind has its own limit, so that a burst of receipts does not push out what people did.
function mergeEvents(known, fresh) {
  const left = { true: KEPT, false: KEPT };
  return merge(known, fresh).filter((row) => left[isAboutMessages(row)]-- > 0);
}

/** The newest events, and older ones until there are a few that are not about messages. */
async function recentEvents(pages) {
  const found = [];
  for (let page = 0; page < pages; page += 1) {
    const { events } = await get(`/events${query({ limit: KEPT, before: found.at(-1)?.id })}`);
    found.push(...events);
    if (events.length < KEPT || found.filter((row) => !isAboutMessages(row)).length >= FEW) break;
  }
  return found;
}
