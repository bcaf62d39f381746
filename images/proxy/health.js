// Healthy means: the front door answers, and the hub's way in lists its routes for who holds the token. That it does so for nobody else
// is seen to at the start (start-proxy) and by the tests: each question without the token is a warning in the proxy's log.
"use strict";
const fs = require("node:fs");
const http = require("node:http");

const SECONDS = 4;
const { PROXY_PORT, PROXY_API_PORT } = process.env;
const token = fs.readFileSync("/run/secrets/proxy_auth_token", "utf8").trim();

function expect(status, url, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers, timeout: SECONDS * 1000 }, (answer) => {
      answer.resume();
      if (answer.statusCode === status) resolve();
      else reject(new Error(`${url} answered ${answer.statusCode}, expected ${status}`));
    });
    request.on("timeout", () => request.destroy(new Error(`${url} did not answer within ${SECONDS} s`)));
    request.on("error", reject);
  });
}

Promise.all([
  expect(200, `http://127.0.0.1:${PROXY_PORT}/_chp_healthz`),
  expect(200, `http://proxy-api:${PROXY_API_PORT}/api/routes`, { Authorization: `token ${token}` }),
]).catch((error) => {
  console.error(String(error.message || error));
  process.exit(1);
});
