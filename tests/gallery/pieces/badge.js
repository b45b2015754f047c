import { Badge, State as Standing, Status } from "/static/shared/ui/badge.js";
import { html } from "/static/shared/ui/preact.js";
import { STATES } from "../data.js";
import { State } from "../state.js";

const STATUSES = ["queued", "sent", "delivered", "undelivered", "rejected", "expired"];
const TONES = ["", "good", "going", "warn", "bad", "accent"];

export default () => html`
  <${State} name="States of what runs"><div class="g-line">
    ${STATES.map((state) => html`<${Standing} key=${state} state=${state} />`)}
    </div><//>
  <${State} name="Statuses of messages"><div class="g-line">
    ${STATUSES.map((status) => html`<${Status} key=${status} status=${status} />`)}
    </div><//>
  <${State} name="Other words"><div class="g-line">
    ${TONES.map((tone) => html`<${Badge} key=${tone} tone=${tone} icon="flag">${tone || "idle"}<//>`)}
    </div><//>`;
