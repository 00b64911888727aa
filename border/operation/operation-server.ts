/** What an operator's machines ask over HTTP: /metrics, /livez, /readyz. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export interface OperationPages {
  /** In the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
  readonly metricsType: string;
  /** False before the listeners are bound, and once the border drains. */
  readonly isReady: () => boolean;
}

/** Milliseconds that a client has for its request, and that an idle connection stays. */
const patience = 5_000;

export class OperationServer {
  private readonly server: Server;
  private readonly pages: OperationPages;

  constructor(pages: OperationPages) {
    this.pages = pages;
    this.server = createServer(
      {
        requestTimeout: patience,
        headersTimeout: patience,
        keepAliveTimeout: patience,
        // Node looks for late requests only so often.
        connectionsCheckingInterval: 1_000,
        maxHeaderSize: 4_096,
      },
      (request, response) => void this.answer(request, response),
    );
    this.server.maxConnections = 64;
  }

  /** The port that was bound. Rejects with the cause where it can't be. */
  async listen(address: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, address, () => {
        this.server.off("error", reject);
        resolve();
      });
    });
    const bound = this.server.address();
    return bound !== null && typeof bound === "object" ? bound.port : port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = "" } = request;
    request.resume();
    const path = url.split("?", 1)[0];
    if (path !== "/metrics" && path !== "/livez" && path !== "/readyz") {
      say(response, 404, "there are /metrics, /livez and /readyz\n");
    } else if (method !== "GET" && method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      say(response, 405, "ask with GET\n");
    } else if (path === "/livez") {
      say(response, 200, "alive\n");
    } else if (path === "/readyz") {
      const isReady = this.pages.isReady();
      say(response, isReady ? 200 : 503, isReady ? "ready\n" : "not ready\n");
    } else {
      await this.tellMetrics(response);
    }
  }

  private async tellMetrics(response: ServerResponse): Promise<void> {
    try {
      const text = await this.pages.metrics();
      say(response, 200, text, this.pages.metricsType);
    } catch {
      say(response, 500, "the metrics can't be told\n");
    }
  }
}

/** Node leaves the body of a HEAD out by itself. */
function say(
  response: ServerResponse,
  status: number,
  text: string,
  type = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}
