/** Sends a capture with its progress, which `fetch` does not tell. */
import { ApiError, withQuery } from "@yagura/portal/api.ts";
import type { Problem } from "@yagura/server/shapes.ts";
import type { Language } from "@yagura/portal/words.ts";
import type { CaptureUpload } from "../../wire/api-register.ts";

interface Sending {
  readonly path: string;
  readonly site?: string | undefined;
  readonly file: File;
  readonly csrf: string | null;
  readonly language: Language;
  readonly signal: AbortSignal;
  /** 0 to 1. */
  readonly progress: (share: number) => void;
}
/** Longest name of a file that the server takes. */
const NAME = 120;

/** Null: it was stopped. Throws ApiError. */
export const sendCapture = ({
  path,
  site,
  file,
  csrf,
  language,
  signal,
  progress,
}: Sending): Promise<CaptureUpload | null> =>
  new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", withQuery(path, { name: file.name.slice(-NAME), site }));
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("accept-language", language);
    if (csrf !== null) request.setRequestHeader("x-yagura-csrf", csrf);
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(total === 0 ? 0 : loaded / total));
    request.addEventListener("load", () => {
      if (request.status < 300) done(JSON.parse(request.responseText) as CaptureUpload);
      else failed(refusalOf(request));
    });
    request.addEventListener("error", () =>
      failed(new ApiError({ status: 0, code: "OFFLINE", title: "", detail: "", instance: "" })),
    );
    request.addEventListener("abort", () => done(null));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });

function refusalOf({ status, statusText, responseText }: XMLHttpRequest): ApiError {
  try {
    return new ApiError(JSON.parse(responseText) as Problem);
  } catch {
    // A proxy answered, not the server.
    return new ApiError({ status, code: `HTTP_${status}`, title: statusText, detail: statusText, instance: "" });
  }
}
