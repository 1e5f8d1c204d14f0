"use strict";
const API = "/api/v1";
const at = (id) => document.getElementById(id);
let token = null, me = null, socket = null, feed = null, last = 0, room = null, pause = 500, count = 0;

const clock = (time) => time ? new Date(time).toLocaleTimeString([], { hour12: false }) : "";
const state = (text) => { at("state").textContent = text; };

async function ask(method, path, body, form) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (body) headers["Content-Type"] = form ? "application/x-www-form-urlencoded" : "application/json";
  const answer = await fetch(API + path, { method, headers, body: form ? new URLSearchParams(body) : body && JSON.stringify(body) });
  const told = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(told.detail || told.error_description || told.error || answer.statusText);
  return told;
}

function line(list, ...parts) {
  const item = document.createElement("li");
  for (const [tag, text] of parts) {
    const part = document.createElement(tag);
    part.textContent = text;  // never as markup: what people say is theirs
    item.append(part);
  }
  list.append(item);
  while (list.children.length > 500) list.firstChild.remove();
  list.scrollTop = list.scrollHeight;
  return item;
}

async function signIn() {
  const given = { grant_type: "password", username: at("username").value, password: at("password").value };
  token = (await ask("POST", "/auth/token", given, true)).access_token;
  at("password").value = "";
  me = await ask("GET", "/users/me");
  at("sign_in").hidden = true;
  at("live").hidden = false;
  state(`signed in as ${me.username}`);
  await listRooms();
  listen();
}

async function listRooms() {
  const rooms = (await ask("GET", "/rooms?size=100")).items;
  at("room").replaceChildren(...rooms.map((each) => new Option(`${each.name}${each.is_private ? " (private)" : ""}`, each.id)));
}

async function enter() {
  const name = at("new_room").value.trim();
  if (name) {
    const made = await ask("POST", "/rooms", { name });
    at("new_room").value = "";
    await listRooms();
    at("room").value = made.id;
  }
  if (!at("room").value) return;
  room = at("room").value;
  last = 0;
  at("messages").replaceChildren();
  if (socket) socket.close();
  connect();
}

function connect() {
  const own = socket = new WebSocket(`${API}/rooms/${room}/ws?after=${last}`, ["bearer", token]);
  own.onopen = () => { pause = 500; at("text").disabled = false; at("text").focus(); state(`signed in as ${me.username}, connected`); };
  own.onmessage = ({ data }) => hear(JSON.parse(data));
  own.onclose = ({ code }) => {
    if (own !== socket) return;
    at("text").disabled = true;
    state(`closed with ${code}`);
    if ([1006, 1011, 1012, 1013].includes(code)) setTimeout(() => own === socket && connect(), pause = Math.min(pause * 2, 10000));
  };
}

function hear(frame) {
  if (frame.type === "message") {
    last = frame.sequence;
    line(at("messages"), ["b", frame.author.username], ["span", frame.text], ["time", clock(frame.created_at)])
      .classList.toggle("own", frame.author.id === me.id);
  } else if (frame.type === "presence") {
    at("online").replaceChildren(...frame.online.map((each) => Object.assign(document.createElement("li"), { textContent: each.username })));
    if (frame.joined || frame.left) line(at("messages"), ["i", frame.joined ? `${frame.joined.username} came` : `${frame.left.username} left`]);
  } else if (frame.type === "error") {
    line(at("messages"), ["i", `${frame.code}: ${frame.detail}`]);
  }
}

function listen() {
  if (feed) feed.close();
  feed = new EventSource(`${API}/events?token=${encodeURIComponent(token)}`);
  const kinds = "item.created item.updated item.deleted order.placed order.paid order.shipped order.delivered order.cancelled " +
    "order.lapsed post.created post.published post.unpublished post.updated post.deleted comment.created comment.deleted " +
    "task.queued task.started task.progressed task.succeeded task.failed task.cancelled notification.created reset";
  for (const kind of kinds.split(" ")) {
    feed.addEventListener(kind, ({ data }) => {
      const event = JSON.parse(data);
      const { name, title, subject, content, status } = event.data || {};
      line(at("events"), ["b", kind], ["span", name || title || subject || content || status || ""], ["time", clock(event.occurred_at)]);
    });
  }
}

const tried = (work) => (event) => { event.preventDefault(); work().catch((error) => state(error.message)); };
at("sign_in").addEventListener("submit", tried(signIn));
at("join_shop").addEventListener("click", tried(async () => {
  const username = at("username").value;
  await ask("POST", "/auth/register", { username, email: `${username}@example.com`, password: at("password").value });
  await signIn();
}));
at("enter").addEventListener("submit", tried(enter));
at("speak").addEventListener("submit", (event) => {
  event.preventDefault();
  socket.send(JSON.stringify({ type: "message", text: at("text").value, client_id: `${Date.now()}-${++count}` }));
  at("text").value = "";
});
