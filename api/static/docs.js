"use strict";

// Every POST needs a key of its own; filling it in here lets people try a route without thinking of one.
function withIdempotencyKey(request) {
  if (request.method === "POST" && !request.headers["Idempotency-Key"]) {
    request.headers["Idempotency-Key"] = crypto.randomUUID();
  }
  return request;
}

window.ui = SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  requestInterceptor: withIdempotencyKey,
});
