// One simulated phone: shows what the stream says, sends replies, throws its switches.
/** The element with that id. @param {string} id @returns {any} its kind is the page's matter */
const at = (id) => document.getElementById(id);
const base = location.pathname.replace(/\/$/, "");
const number = "+" + decodeURIComponent(base.split("/").pop()).replace(/^\+/, "");
const GAP_MS = 5 * 60_000; // texts of one sender within this stand together
/** @type {Intl.DateTimeFormatOptions} */
const HOURS = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const CLOCK = new Intl.DateTimeFormat(navigator.language, HOURS);
const WHOLE = new Intl.DateTimeFormat(navigator.language,
  { day: "numeric", month: "short", year: "numeric", ...HOURS, timeZoneName: "short" });
let known = null; // keys of the texts already shown; null before the first state
let hasChosenTo = false;
let isSending = false;

document.title = `${number} · Handset`;
at("number").textContent = number;
at("to").addEventListener("input", () => { hasChosenTo = at("to").value !== ""; });
at("reply").addEventListener("submit", reply);
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) at("reply").requestSubmit();
});
at("text").addEventListener("input", grow);
at("on").addEventListener("change", () => flip({ on: at("on").checked }));
at("full").addEventListener("change", () => flip({ full: at("full").checked }));
tick();
setInterval(tick, 10_000);
watch();

function watch() {
  const stream = new EventSource(`${base}/stream`);
  stream.addEventListener("open", () => { at("live").textContent = "Live"; });
  stream.addEventListener("error", () => { at("live").textContent = "Connecting again…"; });
  stream.addEventListener("phone", (event) => show(JSON.parse(event.data)));
}

function show(phone) {
  const thread = at("thread");
  const isAtEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
  at("on").checked = phone.on;
  at("full").checked = phone.full;
  at("screen").classList.toggle("is-off", !phone.on);
  at("off").hidden = phone.on;
  at("reply").querySelector("button").disabled = !phone.on || isSending;
  at("signal").style.visibility = phone.on ? "visible" : "hidden";
  at("summary").textContent = phone.messages.length === 1 ? "1 text" : `${phone.messages.length} texts`;
  update(thread, phone.messages);
  facts(phone.messages.filter((message) => message.direction === "in").at(-1));
  suggestTo(phone);
  if (isAtEnd || known === null) thread.scrollTop = thread.scrollHeight;
  known = new Set(phone.messages.map(key));
}

// Only what is new is added, so that a screen reader says it once; a phone that dropped its oldest is drawn anew.
function update(thread, messages) {
  /** @type {NodeListOf<HTMLElement>} */
  const shown = thread.querySelectorAll(".bubble");
  const isGrown = known !== null && shown.length > 0 && shown.length <= messages.length &&
    shown[0].dataset.key === key(messages[0]);
  const from = isGrown ? shown.length : 0;
  if (!isGrown) thread.replaceChildren();
  for (let n = from; n < messages.length; n += 1) thread.append(...draw(messages[n], messages[n - 1]));
  if (messages.length === 0) thread.replaceChildren(tag("p", "empty",
    "No texts yet. They appear here as they arrive."));
}

function draw(message, before) {
  const side = message.direction === "out" ? " out" : "";
  const drawn = [];
  const isNewTalk = !before || before.source !== message.source || before.direction !== message.direction ||
    Date.parse(message.received_at) - Date.parse(before.received_at) > GAP_MS;
  if (isNewTalk) drawn.push(tag("p", "from" + side, side ? `to ${message.source}` : message.source));
  const bubble = tag("div", "bubble" + side, message.text);
  bubble.dataset.key = key(message);
  if (known !== null && !known.has(key(message))) bubble.classList.add("new");
  drawn.push(bubble, tag("p", "meta" + side, `${time(message)} · ${size(message)}`));
  return drawn;
}

function facts(message) {
  if (!message) return;
  const rows = [["From", message.source], ["At", WHOLE.format(new Date(message.received_at))],
    ["Encoding", message.encoding === "UCS2" ? "UCS-2" : "GSM-7"],
    ["Parts", `${message.parts.length} (${message.parts.map((part) => part.units).join(" + ")})`],
      ["Id", message.umid]];
  at("facts").replaceChildren(...rows.flatMap(([name, value]) => [tag("dt", "", name), tag("dd", "", value)]));
}

// Names cannot be answered, numbers can: the last that wrote, else the one that this simulator answers by.
function suggestTo({ messages, reply_to: other }) {
  if (hasChosenTo || document.activeElement === at("to")) return;
  const last = messages.filter((message) => /^\+?[0-9]{3,16}$/.test(message.source)).at(-1);
  at("to").value = last ? last.source : other;
}

async function reply(event) {
  event.preventDefault();
  if (isSending) return; // Ctrl+Enter submits past a disabled button
  const button = event.target.querySelector("button");
  const text = at("text").value;
  button.disabled = isSending = true;
  const failure = await post("reply", { to: at("to").value.replace(/\s/g, ""), text });
  isSending = false;
  button.disabled = !at("on").checked;
  at("said").textContent = failure;
  if (!failure && at("text").value === text) { // what was typed meanwhile is the next text
    at("text").value = "";
    grow();
  }
  if (!failure && [button, document.body].includes(document.activeElement)) at("text").focus(); // nobody moved on
}

async function flip(change) {
  at("said").textContent = await post("switch", change);
}

async function post(what, body) {
  try {
    const answer = await fetch(`${base}/${what}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
    return answer.ok ? "" : `Not done: ${(await answer.json()).error ?? answer.status}`;
  } catch {
    return "Not done: the gateway cannot be reached.";
  }
}

function grow() {
  at("text").style.height = "auto";
  at("text").style.height = `${Math.min(at("text").scrollHeight, 120)}px`;
}

function tick() {
  at("clock").textContent = CLOCK.format(new Date()).slice(0, 5);
}

function time(message) {
  return CLOCK.format(new Date(message.received_at));
}

function size(message) {
  const parts = message.parts.length === 1 ? "1 part" : `${message.parts.length} parts`;
  return `${message.encoding === "UCS2" ? "UCS-2" : "GSM-7"}, ${parts}`;
}

function key(message) {
  return `${message.umid} ${message.received_at} ${message.direction}`;
}

function tag(name, kind, text) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  made.textContent = text;
  return made;
}
