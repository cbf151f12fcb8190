// A citizen on WhatsApp, made with a client library that is not ours and not the program's either.
//
//   node baileys-citizen.mjs WEBSOCKET ROOT SCAN OFFICE
//
// WEBSOCKET and ROOT are the test server and the key it proves itself with, SCAN is where a telephone scans QR texts,
// OFFICE is the number to write to. Each line of the input is written to the office. What happens is printed as one
// JSON object a line: {"event":"open"}, {"event":"message","id","text"}, {"event":"receipt","id","status"}.
import { createInterface } from 'node:readline';
import makeWASocket, { initAuthCreds, makeCacheableSignalKeyStore } from 'baileys';
import pino from 'pino';
import { WA_CERT_DETAILS } from './node_modules/baileys/lib/Defaults/index.js';

const [websocket, root, scan, office] = process.argv.slice(2);
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(root, 'hex');

const tell = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));
const log = pino({ level: process.env.BAILEYS_LOG || 'silent' });
const creds = initAuthCreds();
const kept = new Map();
const keys = {
  get: async (kind, ids) =>
    Object.fromEntries(ids.map((id) => [id, kept.get(`${kind} ${id}`)]).filter(([, value]) => value)),
  set: async (data) => {
    for (const [kind, values] of Object.entries(data)) {
      for (const [id, value] of Object.entries(values)) kept.set(`${kind} ${id}`, value);
    }
  },
};

let socket;
const waiting = [];
let open = false;

async function say(text) {
  await socket.sendMessage(`${office}@s.whatsapp.net`, { text });
}

function connect() {
  socket = makeWASocket({
    auth: { creds, keys: makeCacheableSignalKeyStore(keys, log) },
    waWebSocketUrl: websocket,
    logger: log,
    fireInitQueries: false,
    syncFullHistory: false,
    shouldSyncHistoryMessage: () => false,
    markOnlineOnConnect: false,
  });
  socket.ev.on('creds.update', (update) => Object.assign(creds, update));
  socket.ev.on('connection.update', async ({ qr, connection, lastDisconnect }) => {
    if (qr) await fetch(scan, { method: 'POST', body: qr });
    if (connection === 'open') {
      tell('open');
      open = true;
      while (waiting.length > 0) await say(waiting.shift());
    }
    if (connection === 'close') {
      open = false;
      const code = lastDisconnect?.error?.output?.statusCode;
      if (code === 515 || code === 428) connect();
      else tell('closed', { code });
    }
  });
  socket.ev.on('messages.upsert', ({ messages }) => {
    for (const { key, message } of messages) {
      if (key.fromMe) continue;
      tell('message', { id: key.id, text: message?.conversation ?? message?.extendedTextMessage?.text ?? '' });
    }
  });
  socket.ev.on('messages.update', (updates) => {
    for (const { key, update } of updates) if (update.status) tell('receipt', { id: key.id, status: update.status });
  });
}

connect();
createInterface({ input: process.stdin })
  .on('line', async (text) => {
    if (open) await say(text);
    else waiting.push(text);
  })
  .on('close', () => process.exit(0));
