// A program as it runs in production.
const twilio = require("twilio");

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);

client.messages
  .create({ to: "+15558675310", from: "+15017122661", body: "Your table is ready" })
  .then((message) => console.log(message.sid, message.status));
