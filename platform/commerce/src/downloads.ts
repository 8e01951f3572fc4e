/** Files that are offered for saving. */

type Reply = { header(name: string, value: string): unknown };

/** Names the file; one with other than plain letters is named as RFC 6266 has it. */
export function attachedAs(reply: Reply, name: string): void {
  const named = /^[\w.-]+$/.test(name) ? `filename="${name}"` : `filename*=UTF-8''${encodeURIComponent(name)}`;
  reply.header("content-disposition", `attachment; ${named}`);
}
