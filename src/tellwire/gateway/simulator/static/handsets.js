// All simulated phones, and the numbers with a fate of their own.
/** The element with that id. @param {string} id @returns {any} its kind is the page's matter */
const at = (id) => document.getElementById(id);
const EVERY_MS = 3000;

at("open").addEventListener("submit", (event) => {
  event.preventDefault();
  location.href = `/simulator/handsets/${at("number").value.replace(/[^0-9]/g, "")}`;
});
refresh();
setInterval(refresh, EVERY_MS);

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/simulator/api/handsets");
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    at("live").textContent = "";
  } catch {
    at("live").textContent = "The gateway cannot be reached.";
  }
}

function show({ handsets, magic }) {
  if (handsets.length) at("phones").replaceChildren(...handsets.map((phone) => row(link(phone.number),
    cell(phone.last ? phone.last.text : "", "text"), cell(String(phone.count)), cell(condition(phone)))));
  if (!at("magic").children.length) at("magic").replaceChildren(...magic.map((one) =>
    row(link(one.number), cell(one.fate))));
}

function condition(phone) {
  return phone.on ? (phone.full ? "on, memory full" : "on") : "off";
}

function row(...cells) {
  const made = document.createElement("tr");
  made.append(...cells);
  return made;
}

function cell(text, kind = "") {
  const made = document.createElement("td");
  made.textContent = text;
  made.className = kind;
  return made;
}

function link(number) {
  const made = document.createElement("a");
  made.href = `/simulator/handsets/${number.replace("+", "")}`;
  made.textContent = number;
  const holder = cell("");
  holder.append(made);
  return holder;
}
