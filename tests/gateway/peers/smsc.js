// An SMSC by npm smpp: answers every submit, sends a receipt and one text, says on stdout what it saw (a JSON a line).
const smpp = require("smpp");
const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");
let next = 1;

const server = smpp.createServer((session) => {
  session.on("error", () => {});
  session.on("bind_transceiver", (pdu) => {
    const isKnown = pdu.system_id === "acme" && pdu.password === "secret";
    session.send(pdu.response({ command_status: isKnown ? 0 : smpp.ESME_RINVPASWD, system_id: "npm" }));
    say({ bind: pdu.system_id, status: isKnown ? 0 : smpp.ESME_RINVPASWD });
  });
  session.on("submit_sm", (pdu) => {
    const id = `npm-${next++}`;
    const message = pdu.short_message.message;
    say({ submit: pdu.destination_addr, from: pdu.source_addr, text: String(message), coding: pdu.data_coding,
      esm: pdu.esm_class, payload: pdu.message_payload ? String(pdu.message_payload.message ?? pdu.message_payload) : null,
      validity: pdu.validity_period });
    if (pdu.destination_addr.endsWith("99")) {
      session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
      return;
    }
    session.send(pdu.response({ message_id: id }));
    session.deliver_sm({ esm_class: 4, source_addr: pdu.destination_addr, destination_addr: pdu.source_addr,
      short_message: `id:${id} sub:001 dlvrd:001 submit date:2611221453 done date:2611221453 stat:DELIVRD err:000 text:x`,
      receipted_message_id: id, message_state: smpp.MESSAGE_STATE.DELIVERED },
      (answer) => say({ receipt: id, status: answer.command_status }));
    session.deliver_sm({ source_addr: pdu.destination_addr, destination_addr: "71234", short_message: "Grüße ő" },
      (answer) => say({ text: id, status: answer.command_status }));
  });
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); say({ unbound: true }); });
});
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
