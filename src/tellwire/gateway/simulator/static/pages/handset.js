// One simulated phone: its texts as they come, what is written on it, and its switches.
import { html, useEffect, useState } from "/static/shared/ui/preact.js";
import { Toggle } from "/static/shared/ui/fields.js";
import { Time } from "/static/shared/ui/time.js";
import { count, encodingName } from "/static/shared/ui/words.js";
import { Bar } from "../bar.js";
import { Reply } from "../reply.js";
import { Thread } from "../thread.js";
import { post, usePhone } from "../use-phone.js";

const TICK_MS = 10_000;
/** @type {Intl.DateTimeFormatOptions} */
const MINUTES = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const minutes = new Intl.DateTimeFormat(navigator.language, MINUTES);
const back = html`<a href="/simulator/handsets">All handsets</a>`;

function Clock() {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((old) => old + 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return html`<span>${minutes.format(new Date())}</span>`;
}

const Screen = ({ base, number, phone, said, onSaid }) => html`
  <section class="phone" aria-label="Handset"><div class="screen ${phone && !phone.on ? "is-off" : ""}">
    <div class="island" aria-hidden="true" />
    <div class="status" aria-hidden="true"><${Clock} />
      <span class="signs"><span class="signal ${phone?.on ? "" : "is-lost"}" /><span class="battery" /></span></div>
    <header class="who"><h1>${number}</h1><p>${phone ? count(phone.messages.length, "text") : "\u00a0"}</p></header>
    <${Thread} messages=${phone?.messages ?? null} />
    ${phone && !phone.on && html`<p class="off">Switched off. Texts wait with the carrier.</p>`}
    <${Reply} ...${{ base, phone, said, onSaid }} /></div></section>`;

function Facts({ message }) {
  if (!message) return html`<p class="muted">None yet</p>`;
  const units = message.parts.map((part) => part.units).join(" + ");
  return html`<dl class="facts" id="facts">
    <dt>From</dt><dd>${message.source}</dd>
    <dt>At</dt><dd><${Time} at=${message.received_at} /></dd>
    <dt>Encoding</dt><dd>${encodingName(message.encoding)}</dd>
    <dt>Parts</dt><dd>${message.parts.length} (${units})</dd>
    <dt>Id</dt><dd class="mono">${message.umid}</dd></dl>`;
}

export default function Handset({ digits }) {
  const base = `/simulator/handsets/${encodeURIComponent(digits)}`;
  const number = `+${digits}`;
  const { phone, line } = usePhone(base);
  const [said, setSaid] = useState("");
  useEffect(() => { document.title = `${number} · Handset`; }, [number]);
  const flip = async (change) => setSaid(await post(`${base}/switch`, change));
  return html`<${Bar} way=${back} word=${line} />
    <main class="desk"><${Screen} ...${{ base, number, phone, said }} onSaid=${setSaid} />
      <aside class="card beside">
        <h2>Phone</h2>
        <${Toggle} label="Switched on" checked=${phone?.on ?? true} onValue=${(on) => flip({ on })}
          hint="While it is off, texts and their receipts wait, and expire in the end." />
        <${Toggle} label="Memory full" checked=${phone?.full ?? false} onValue=${(full) => flip({ full })}
          hint="Texts are then not delivered, with error 21." />
        <h2>Last text</h2>
        <${Facts} message=${phone?.messages.findLast(({ direction }) => direction === "in")} />
      </aside></main>`;
}
