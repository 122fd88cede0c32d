// All that the library does with messages, callbacks and TwiML; ends with what isn't as it should be.
const assert = require("assert");
const http = require("http");
const twilio = require("twilio");

const base = "http://127.0.0.1:4010";
const token = process.env.TWILIO_AUTH_TOKEN;
const to = "+15558675310";
const from = "+15017122661";

class SimulatorClient extends twilio.RequestClient {
  request(options) {
    return super.request({ ...options, uri: options.uri.replace("https://api.twilio.com", base) });
  }
}

const client = twilio(process.env.TWILIO_ACCOUNT_SID, token, { httpClient: new SimulatorClient() });

function control(path, parameters) {
  return new Promise((resolve, reject) => {
    const request = http.request(base + "/simulator" + path, { method: "POST" }, (response) => {
      response.resume().on("end", () => resolve(assert.ok(response.statusCode < 300, path)));
    });
    request.on("error", reject).setHeader("Content-Type", "application/x-www-form-urlencoded");
    request.end(new URLSearchParams(parameters).toString());
  });
}

async function refused(call) {
  const error = await call.then(() => assert.fail("It should be refused"), (reason) => reason);
  return [error.status, error.code, error.moreInfo];
}

// Verifies by the library and answers by it; gives what came, in its turn.
function application() {
  const waiting = [];
  const arrived = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (data) => (body += data)).on("end", () => {
      const form = Object.fromEntries(new URLSearchParams(body));
      const url = server.url + request.url;
      const signature = request.headers["x-twilio-signature"];
      const valid = twilio.validateRequest(token, signature, url, form)
        && !twilio.validateRequest(token, signature, url, { ...form, To: "+15550000000" });
      arrived.push({ valid, url: request.url, form });
      const answer = new twilio.twiml.MessagingResponse();
      answer.message({}, "You wrote: " + form.Body);
      response.setHeader("Content-Type", "text/xml");
      response.end(request.url === "/inbound" ? answer.toString() : "");
      waiting.splice(0).forEach((look) => look());
    });
  });
  server.next = (matches) => new Promise((resolve) => {
    const look = () => {
      const found = arrived.find(matches);
      return found ? resolve(found) : waiting.push(look);
    };
    look();
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => {
    server.url = "http://127.0.0.1:" + server.address().port;
    resolve(server);
  }));
}

async function messages() {
  const mediaUrl = ["https://shop.example.com/one.png", "https://shop.example.com/two.gif"];
  const message = await client.messages.create({ to, from, body: "Grüße 😀 + & = %", mediaUrl });
  assert.deepStrictEqual([message.body, message.numMedia, message.dateSent], ["Grüße 😀 + & = %", "2", null]);
  assert.deepStrictEqual(await refused(client.messages(message.sid).remove()), [409, 20009, "https://www.twilio.com/docs/errors/20009"]);
  await control("/clock/advance", { duration: "PT1M" });
  const media = client.messages(message.sid).media;
  assert.strictEqual((await media.list({ pageSize: 1 })).length, 2);
  assert.strictEqual((await media.list({ dateCreatedBefore: new Date("2001-01-01T00:00:00Z") })).length, 0);
  assert.strictEqual((await client.messages(message.sid).fetch()).status, "delivered");
  assert.strictEqual((await client.messages(message.sid).update({ body: "" })).body, "");
  assert.strictEqual(await client.messages(message.sid).remove(), true);
  assert.strictEqual((await refused(client.messages(message.sid).fetch()))[1], 20404);
  assert.strictEqual((await refused(client.messages.create({ to, from, body: "x", mediaUrl: [""] })))[1], 21620);
}

async function lists() {
  const sids = [];
  for (let i = 0; i < 5; i++) {
    sids.unshift((await client.messages.create({ to, from, body: "Message " + i })).sid);
    await control("/clock/advance", { duration: "PT10S" });
  }
  const all = await client.messages.list({ to, pageSize: 2 });
  assert.deepStrictEqual(all.map((message) => message.sid), sids);
  assert.deepStrictEqual((await client.messages.list({ limit: 3, pageSize: 2 })).map((message) => message.sid), sids.slice(0, 3));
  const between = { dateSentAfter: all[3].dateSent, dateSentBefore: all[1].dateSent };
  assert.deepStrictEqual((await client.messages.list(between)).map((message) => message.sid), sids.slice(1, 4));
  const page = await client.messages.page({ pageSize: 2 });
  const back = await (await page.nextPage()).previousPage();
  assert.deepStrictEqual(back.instances.map((message) => message.sid), sids.slice(0, 2));
  assert.deepStrictEqual((await refused(client.messages.page({ pageSize: 1001 }))).slice(0, 2), [400, 20007]);
}

async function webhooks() {
  const server = await application();
  const statusCallback = server.url.replace("://", "://user:secret@") + "/status?order=a%20b#rc=2";
  const { sid } = await client.messages.create({ to, from, body: "x", statusCallback });
  await control("/clock/advance", { duration: "PT1M" });
  const report = await server.next(({ form }) => form.MessageSid === sid && form.MessageStatus === "delivered");
  assert.deepStrictEqual([report.valid, report.url], [true, "/status?order=a%20b"]);
  await control("/numbers", { number: from, inbound_url: server.url + "/inbound" });
  await control("/inbound", { from: to, to: from, body: "Grüße & 😀" });
  assert.strictEqual((await server.next(({ url }) => url === "/inbound")).valid, true);
  server.close();
}

messages().then(lists).then(webhooks).then(() => console.log("as it should be"));
