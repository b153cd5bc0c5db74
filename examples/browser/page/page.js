"use strict";

const { api, notifications } = window.kitchen;
const waiting = new Map(); // execution ARN => the card of an order that has not ended

// One connection for all orders. API Gateway closes it after ten silent minutes or two hours; whoever still waits then
// connects and subscribes again, and is answered at once if the execution has ended in between.
const connection = {
  socket: null,
  pause: 500, // milliseconds until the next try

  open() {
    this.socket = new WebSocket(notifications);
    this.socket.onopen = () => {
      this.pause = 500;
      showConnection("open", "connected");
      waiting.forEach((_, arn) => this.subscribe(arn));
    };
    this.socket.onmessage = (event) => received(JSON.parse(event.data));
    this.socket.onclose = () => {
      this.socket = null;
      showConnection("closed", "not connected");
      if (waiting.size > 0) {
        setTimeout(() => this.socket ?? this.open(), this.pause);
        this.pause = Math.min(this.pause * 2, 30_000);
      }
    };
  },

  watch(arn) {
    if (this.socket === null) {
      this.open();
    } else if (this.socket.readyState === WebSocket.OPEN) {
      this.subscribe(arn);
    } // else it is being made, and subscribes to all that wait when it is open
  },

  subscribe(arn) {
    this.socket.send(JSON.stringify({ action: "subscribe", executionArn: arn }));
  },
};

function received(message) {
  const card = waiting.get(message.executionArn);
  if (card === undefined) {
    return; // an error that says nothing about an order
  }
  waiting.delete(message.executionArn);
  if (message.type === "error") {
    card.show("REFUSED", "Unknown", message.message);
    return;
  }
  const seconds = message.stopDate - message.startDate;
  if (message.status === "SUCCEEDED") {
    const { order, status } = JSON.parse(message.output);
    card.show("SUCCEEDED", "Succeeded", `${order.dish}: ${status}.`, seconds);
  } else {
    const words = { FAILED: "Failed", ABORTED: "Stopped", TIMED_OUT: "Timed out" };
    const why = [message.error, message.cause].filter(Boolean).join(": ");
    card.show(message.status, words[message.status], why, seconds);
  }
}

class Card {
  constructor(order) {
    const root = document.getElementById("card").content.cloneNode(true).firstElementChild;
    this.root = root;
    this.started = performance.now();
    this.part(".dish").textContent = order.dish;
    this.part(".note").textContent = order.note;
    document.getElementById("orders").prepend(root);
    document.getElementById("none").hidden = true;
    this.timer = setInterval(() => this.time((performance.now() - this.started) / 1000), 100);
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  time(seconds) {
    this.part("time").textContent = `${seconds.toFixed(1)} s`;
  }

  running(arn) {
    this.part("code").textContent = arn.split(":").pop();
    this.part("code").title = arn;
    this.root.dataset.status = "RUNNING";
    this.part(".status b").textContent = "Running";
  }

  show(status, word, result, seconds) {
    clearInterval(this.timer);
    this.root.dataset.status = status;
    this.part(".status b").textContent = word;
    this.part(".result").textContent = result;
    if (seconds !== undefined) {
      this.time(seconds);
    }
  }
}

async function place(order) {
  const card = new Card(order);
  try {
    const response = await fetch(`${api}/execution`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(order),
    });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(`${answer.type}: ${answer.message}`);
    }
    card.running(answer.executionArn);
    waiting.set(answer.executionArn, card);
    connection.watch(answer.executionArn);
  } catch (error) {
    card.show("REFUSED", "Not taken", error.message);
  }
}

function showConnection(state, text) {
  const element = document.getElementById("connection");
  element.dataset.state = state;
  element.textContent = text;
}

document.getElementById("order").addEventListener("submit", (event) => {
  event.preventDefault();
  const order = Object.fromEntries(new FormData(event.target));
  event.target.elements.note.value = "";
  place(order);
});

if (api === "" || notifications === "") {
  document.querySelector("button").disabled = true;
  document.getElementById("none").textContent = "config.js does not say where the API is.";
} else {
  connection.open();
}
