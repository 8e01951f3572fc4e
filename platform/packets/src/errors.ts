/** What is wrong with a capture. */
import { errorTable } from "@yagura/core/errors.ts";

export const { rows: errors, raise } = errorTable({
  CAPTURE_FORMAT_UNKNOWN: {
    status: 422,
    en: "{file} is no capture: it is neither pcap nor pcapng, nor one of them compressed with gzip or Zstandard. Save it again as pcapng.",
    ja: "{file} はキャプチャファイルではありません。pcap、pcapng、またはそれらを gzip か Zstandard で圧縮したファイルではないためです。pcapng 形式で保存し直してください。",
  },
  CAPTURE_DAMAGED: {
    status: 422,
    en: "{file} is damaged after {packets} packets, at byte {offset}: a record says a length that cannot be. What stands before was read; repair the file (for example with pcapfix) or capture again.",
    ja: "{file} は {packets} パケット目の後、{offset} バイト目で壊れています。レコードの長さがあり得ない値です。それより前のパケットは読み込みました。ファイルを修復する（pcapfix など）か、取り直してください。",
  },
  CAPTURE_CUT: {
    status: 422,
    en: "{file} ends in the middle of a record after {packets} packets. What stands before was read; the copy or the capture was probably cut short.",
    ja: "{file} は {packets} パケット目の後、レコードの途中で終わっています。それより前のパケットは読み込みました。コピーまたは取得が途中で切れたと考えられます。",
  },
  CAPTURE_COMPRESSION_DAMAGED: {
    status: 422,
    en: "The compressed file {file} cannot be unpacked after {packets} packets ({reason}). What stands before was read; copy the file again.",
    ja: "圧縮ファイル {file} は {packets} パケット目より後を展開できません（{reason}）。それより前のパケットは読み込みました。ファイルをコピーし直してください。",
  },
  CAPTURE_UNREADABLE: {
    status: 422,
    en: "{file} cannot be read ({reason}). See that the path is right and that you may read it.",
    ja: "{file} を読めません（{reason}）。パスと読み取り権限を確認してください。",
  },
});
