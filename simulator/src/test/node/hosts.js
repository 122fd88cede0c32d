// In place of an entry in the machine's hosts file and of port 443: all TLS leads to the simulator.
const tls = require("tls");

const connect = tls.connect;
tls.connect = (options, ...more) =>
  connect({ ...options, host: "127.0.0.1", port: Number(process.env.SIMULATOR_TLS_PORT), servername: options.servername || options.host }, ...more);
