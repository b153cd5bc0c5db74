// Where the page finds its API and its WebSocket: terraform output -raw config_js > page/config.js
window.kitchen = { api: "", notifications: "" };
