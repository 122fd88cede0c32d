const twilio = require("twilio");

class SimulatorClient extends twilio.RequestClient {
  request(options) {
    return super.request({ ...options, uri: options.uri.replace("https://api.twilio.com", "http://127.0.0.1:4010") });
  }
}

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN, { httpClient: new SimulatorClient() });

client.messages
  .create({ to: "+15558675310", from: "+15017122661", body: "Your table is ready" })
  .then((message) => console.log(message.sid, message.status));
