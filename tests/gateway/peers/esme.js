// An ESME by npm smpp: binds to a port, submits, answers what it is told, says on stdout what it saw (a JSON a line).
const smpp = require("smpp");
const [port, password] = process.argv.slice(2);
const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");

const session = smpp.connect({ url: `smpp://127.0.0.1:${port}`, auto_enquire_link_period: 500 }, () => {
  session.bind_transceiver({ system_id: "acme", password }, (bind) => {
    say({ bind: bind.command_status, peer: bind.system_id });
    if (bind.command_status !== 0) { session.close(); return; }
    submit("plain", { short_message: "Hello from npm" });
    submit("ucs2", { short_message: "Grüße ő 👋" });
    submit("payload", { message_payload: "All work and no play makes Jack a dull boy. ".repeat(6) });
    submit("bad", { destination_addr: "banana", short_message: "x" });
  });
});
session.on("error", (error) => say({ error: error.code }));
session.on("deliver_sm", (pdu) => {
  session.send(pdu.response());
  say({ deliver: String(pdu.short_message.message), esm: pdu.esm_class, from: pdu.source_addr,
    state: pdu.message_state ?? null, id: pdu.receipted_message_id ?? null });
});
session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); say({ unbound: true }); });
session.on("close", () => say({ closed: true }));
process.stdin.on("end", () => session.unbind(() => session.close()));
process.stdin.resume();

function submit(name, fields) {
  session.submit_sm({ source_addr: "ACME", destination_addr: "6591230000", registered_delivery: 1, ...fields },
    (answer) => say({ submitted: name, status: answer.command_status, id: answer.message_id ?? null }));
}
