// Where things are: the addresses that pages link to.
export const SMS = "/settings/engage/channels/sms";
export const providerAt = (id) => `${SMS}/${encodeURIComponent(id)}`;
export const campaignAt = (id) => `/campaigns/${encodeURIComponent(id)}`;
export const messageAt = (id) => `/messages/${encodeURIComponent(id)}`;
export const eventAt = (id) => `/events/${encodeURIComponent(id)}`;

const PARAMETER = { identity: "identity", device: "object_id" };
export const profileAt = ({ kind, value }) => `/profile?${new URLSearchParams({ [PARAMETER[kind] ?? "identity"]: value })}`;
export const explainAt = ({ kind, value }, event) => `/explain?${new URLSearchParams({ [PARAMETER[kind] ?? "identity"]: value, event })}`;

// Settings > Engage > Channels > SMS: the very path that CleverTap's guides name.
export const SMS_CRUMBS = [["Settings"], ["Engage"], ["Channels"], ["SMS", SMS]];
