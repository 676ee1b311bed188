// A stream as a request's body: as it is where the browser can send one, and gathered elsewhere.

export async function sendable(stream: ReadableStream): Promise<ReadableStream | Blob> {
  return canStream() ? stream : new Response(stream).blob();
}

/** Whether a request takes a stream, which becomes the text "[object ReadableStream]" elsewhere, and a message does too. */
function canStream(): boolean {
  let asked = false;
  try {
    const body = new ReadableStream();
    const init = { method: "POST", body, get duplex() { return (asked = true) && "half"; } };
    const text = new Request("data:,", init as RequestInit).headers.has("content-type");
    structuredClone(body, { transfer: [body] });
    return asked && !text;
  } catch {
    return false;
  }
}
