// Ready-made beginnings of a provider: what its guide says, with the gaps that only the customer can fill.
import { GUIDE_TEMPLATE } from "./provider-draft.js";

const SUB = "/api/v1/subaccounts/YOUR_SUBACCOUNT";
const EIGHT = `https://sms.8x8.com${SUB}`;
const BATCH = { isBatch: true, batch: { key: "msgs", size: 100 } };

const TWILIO = {
  request_type: "POST", endpoint: "https://api.twilio.com/2010-04-01/Accounts/YOUR_ACCOUNT_SID/Messages.json",
  authentication: { type: "basic", username: "YOUR_ACCOUNT_SID", password: "" }, headers: [],
  encoding: "form", pairs: [["To", "$$To"], ["From", "$$from"], ["Body", "$$Body"]], isBatch: false, phone_form: "e164",
};

const json = (endpoint, template, more = {}) => ({
  request_type: "POST", endpoint, authentication: { type: "none" }, encoding: "json", template,
  headers: [["Authorization", "Bearer "], ["Content-Type", "application/json"]], isBatch: false, phone_form: "e164", ...more,
});

const partner = (callback) => `{
  "msgs": [
    {
      "source": "Tellwire",
      "destination": "$$To",
      "text": "$$Body",
      "mid": "$$MessageID",
      "encoding": "auto",
      "partnerCallbackUrl": ${JSON.stringify(callback)}
    }
  ]
}`;

/** Presets for this account; `account.simulator_url` tells where the gateway in the same process is, if it is. */
export function presetsFor(account, callback) {
  const gateway = account?.simulator_url ? new URL(account.simulator_url).origin : null;
  const all = {
    eightbyeight: { name: "8x8, one message a request", draft: json(`${EIGHT}/messages/batch`, GUIDE_TEMPLATE) },
    partner: { name: "8x8, batches with receipts", draft: json(`${EIGHT}/partners/clevertap/batch`, partner(callback), BATCH) },
    twilio: { name: "Twilio", draft: TWILIO },
  };
  if (!gateway) return all;
  return { gateway: { name: "The gateway of this Tellwire", draft: json(`${gateway}${SUB}/messages/batch`, GUIDE_TEMPLATE) }, ...all };
}
