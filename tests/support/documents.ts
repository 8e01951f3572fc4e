/** A document of every kind, with figures that agree: for tests, benches and pictures. Companies and numbers are made up. */
import type { DocumentContent, DocumentLine, LineGroup } from "@yagura/reports/shapes.ts";

export const issuer = {
  name: { ja: "やぐら通信株式会社", en: "Yagura Communications" },
  registrationNumber: "T7123456789012",
  postalCode: "100-0001",
  address: { ja: "東京都千代田区千代田1-1\nやぐらビル 8階", en: "Yagura Building 8F, 1-1 Chiyoda\nChiyoda-ku, Tokyo" },
  department: { ja: "料金センター", en: "Billing centre" },
  phone: "03-0000-0000",
  mail: "billing@example.jp",
};
export const recipient = {
  name: { ja: "株式会社髙﨑製作所", en: "Takasaki Works Ltd." },
  kind: "company" as const,
  postalCode: "540-0001",
  address: {
    ja: "大阪府大阪市中央区城見1-2-3\n㈱城見ビル①号館",
    en: "Shiromi Building No. 1\n1-2-3 Shiromi, Chuo-ku, Osaka",
  },
  department: { ja: "情報システム部", en: "IT department" },
};
const bank = {
  bank: { ja: "みらい銀行", en: "Mirai Bank" },
  branch: { ja: "本店営業部", en: "Head office" },
  kind: "ordinary" as const,
  number: "1234567",
  holder: { ja: "ヤグラツウシン(カ", en: "YAGURA TSUSHIN K.K." },
};
const november = { from: "2026-11-01", to: "2026-11-30" };
const common = { issuedOn: "2026-12-01", issuer, recipient };

const line = (ja: string, en: string, quantity: number, unitPrice: number): DocumentLine => ({
  description: { ja, en },
  period: november,
  quantity,
  unitPrice,
  amount: quantity * unitPrice,
  rate: "10%",
});

/** Sums of lines at 10 % and outside the scope of tax. */
export function sumsOf(groups: readonly LineGroup[]) {
  const at = (rate: string) =>
    groups.flatMap(({ lines }) => lines).reduce((sum, one) => sum + (one.rate === rate ? one.amount : 0), 0);
  const [taxed, free] = [at("10%"), at("out-of-scope")];
  const tax = Number((BigInt(taxed) * 10n) / 100n);
  return {
    groups: [...groups],
    subtotals: [
      { rate: "10%", base: taxed, tax },
      ...(free === 0 ? [] : [{ rate: "out-of-scope", base: free, tax: 0 }]),
    ],
    net: taxed + free,
    tax,
    total: taxed + free + tax,
  };
}

const mixed: LineGroup[] = [
  {
    title: {
      ja: "SEC-2604-000012-7  コーポレートセキュリティ(エンドポイント)",
      en: "SEC-2604-000012-7  Corporate security, endpoint",
    },
    lines: [
      line("10ライセンスパック 月額", "10-seat pack, monthly", 9, 1_800),
      {
        ...line("1ライセンス 月額", "1 seat, monthly", 5, 200),
        period: { from: "2026-11-12", to: "2026-11-30" },
        days: 19,
        amount: 633,
        detail: { ja: "日割り: 200円 × 5 × 19 ÷ 30", en: "by days: 200 × 5 × 19 ÷ 30" },
      },
    ],
  },
  {
    title: { ja: "UTM-2606-000118-2  UTMサポート Standard", en: "UTM-2606-000118-2  UTM support, Standard" },
    lines: [
      line("機器監視・運用 月額", "Monitoring and operation, monthly", 1, 2_500),
      {
        ...line("障害による減額(11月10日から2日間)", "Credit for an outage of 2 days from 10 Nov", 1, 0),
        unitPrice: -167,
        amount: -167,
      },
      {
        description: { ja: "早期解約に伴う一時金", en: "Sum for early termination" },
        period: { from: "2026-11-30", to: "2026-11-30" },
        amount: 12_000,
        rate: "out-of-scope",
      },
    ],
  },
];

/** An invoice as most customers get it. */
export const sampleInvoice: DocumentContent["invoice"] = {
  ...common,
  number: "INV-2612-000123",
  subject: { ja: "2026年11月分 ご利用料金", en: "Service fees for November 2026" },
  period: november,
  dueOn: "2026-12-31",
  bank,
  ...sumsOf(mixed),
  notes: [
    {
      ja: "消費税は税率ごとの合計額に対して一度だけ計算し、1円未満を切り捨てています。料金表の税込価格を足した額とは、1円程度の差が生じることがあります。",
      en: "Consumption tax is computed once per rate on the sum and cut down to whole yen. It may differ by a yen from the sum of the tax-inclusive prices in the price list.",
    },
    { ja: "振込手数料はお客さまにてご負担ください。", en: "Please bear the transfer fee." },
  ],
};

/** An invoice with so many lines of one contract. */
export function longInvoice(lines: number): DocumentContent["invoice"] {
  const one = mixed[0] as LineGroup;
  const many = Array.from({ length: lines }, (_, index) => ({
    ...(one.lines[0] as DocumentLine),
    quantity: index + 1,
    amount: (index + 1) * 1_800,
  }));
  return { ...sampleInvoice, ...sumsOf([{ ...one, lines: many }]) };
}

/** A document of every kind. */
export const samples: DocumentContent = {
  invoice: sampleInvoice,
  "corrected-invoice": {
    ...sampleInvoice,
    number: "INV-2612-000130",
    corrects: { number: "INV-2612-000123", issuedOn: "2026-12-01" },
    reason: { ja: "数量に誤りがありました。", en: "A quantity was wrong." },
  },
  "credit-note": {
    ...common,
    number: "CRN-2612-000004",
    credits: { number: "INV-2611-000098", issuedOn: "2026-11-01" },
    returnedOn: "2026-12-01",
    reason: { ja: "障害による減額", en: "Credit for an outage" },
    ...sumsOf([
      {
        title: { ja: "UTM-2606-000118-2  UTMサポート", en: "UTM-2606-000118-2  UTM support" },
        lines: [line("障害による減額(2日間)", "Credit for an outage of 2 days", 1, 12_345)],
      },
    ]),
  },
  "payment-certificate": {
    ...common,
    number: "CRT-2612-000002",
    period: { from: "2026-10-01", to: "2026-11-30" },
    payments: [
      {
        paidOn: "2026-10-30",
        document: "INV-2610-000077",
        description: { ja: "2026年9月分 ご利用料金", en: "Service fees for September 2026" },
        amount: 21_980,
      },
      {
        paidOn: "2026-11-30",
        document: "INV-2611-000098",
        description: { ja: "2026年10月分 ご利用料金", en: "Service fees for October 2026" },
        amount: 23_760,
      },
    ],
    total: 45_740,
  },
  "contract-notice": {
    ...common,
    number: "NOT-2612-000010",
    contractNumber: "SEC-2612-000020-9",
    service: { ja: "コーポレートセキュリティ", en: "Corporate security" },
    plan: { ja: "サポートデスク", en: "Support desk" },
    acceptedOn: "2026-11-28",
    startsOn: "2026-12-10",
    minimumTerm: { from: "2027-01-01", to: "2027-11-30" },
    items: [
      {
        description: { ja: "サポートデスク 基本料", en: "Support desk, base fee" },
        quantity: 1,
        unitPrice: 80_000,
        unit: { ja: "月", en: "month" },
      },
    ],
    facts: [{ label: { ja: "お支払方法", en: "Payment" }, value: { ja: "銀行振込", en: "Bank transfer" } }],
  },
  refusal: {
    ...common,
    number: "NOT-2612-000011",
    application: "APP-2611-000031",
    service: { ja: "コーポレートセキュリティ", en: "Corporate security" },
    appliedOn: "2026-11-20",
    ground: {
      article: { ja: "利用規約 第6条第3項第5号", en: "terms, article 6 (3) no. 5" },
      text: { ja: "法人以外からのお申込みのため", en: "Only corporations can apply." },
    },
  },
  suspension: {
    ...common,
    number: "NOT-2612-000012",
    contractNumber: "SEC-2604-000012-7",
    service: { ja: "コーポレートセキュリティ(エンドポイント)", en: "Corporate security, endpoint" },
    measure: "suspension",
    reason: { ja: "料金のお支払いが確認できないため", en: "Charges are unpaid." },
    from: "2026-12-15",
    until: null,
    ground: {
      article: { ja: "利用規約 第16条第1項", en: "terms, article 16 (1)" },
      text: { ja: "支払期限の経過", en: "past due" },
    },
  },
  withdrawal: {
    ...common,
    number: "NOT-2612-000013",
    service: { ja: "UTMサポート(Standard)", en: "UTM support, Standard" },
    contractNumbers: ["UTM-2606-000118-2", "UTM-2606-000119-0"],
    endsOn: "2027-06-30",
    reason: { ja: "対象機器の保守終了のため", en: "The maker no longer supports the device." },
  },
  notice: {
    ...common,
    number: "NOT-2612-000014",
    title: { ja: "受付番号変更のお知らせ", en: "A new reception number" },
    paragraphs: [
      { ja: "2027年4月1日より、受付番号を変更いたします。", en: "From April 1, 2027 the reception number changes." },
      { ja: "ご不便をおかけしますが、よろしくお願いいたします。", en: "Thank you for taking note of it." },
    ],
    facts: [{ label: { ja: "新しい番号", en: "New number" }, value: "03-0000-0000" }],
  },
  reminder: {
    ...common,
    number: "REM-2612-000003",
    level: 2,
    claims: [
      {
        document: "INV-2610-000077",
        description: { ja: "2026年9月分 ご利用料金", en: "Service fees for September 2026" },
        dueOn: "2026-10-31",
        amount: 21_980,
        paid: 10_000,
        open: 11_980,
      },
    ],
    total: 11_980,
    payBy: "2026-12-15",
    bank,
    consequence: {
      ja: "期限までにお支払いがない場合は、利用規約 第16条により、ご利用を停止することがあります。",
      en: "If it is not paid by then, the service may be suspended under article 16 of the terms.",
    },
  },
  quote: {
    ...common,
    number: "QUO-2612-000005",
    subject: { ja: "UTMサポート 導入のお見積り", en: "UTM support, first year" },
    validUntil: "2026-12-31",
    ...sumsOf([mixed[0] as LineGroup]),
    facts: [
      {
        label: { ja: "最低利用期間", en: "Minimum term" },
        value: { ja: "提供開始月の翌月から11か月", en: "11 months from the month after the start" },
      },
    ],
  },
  explanation: {
    ...common,
    number: "WHY-2612-000123",
    document: "INV-2612-000123",
    lines: [
      {
        group: "SEC-2604-000012-7",
        description: { ja: "1ライセンス 月額(日割り)", en: "1 seat, monthly, by days" },
        amount: 633,
        sentence: {
          ja: "11月12日に5ライセンスが追加されたため、11月30日までの19日分を日割りで計算しました。",
          en: "Five seats were added on 12 November; the 19 days to 30 November are charged by days.",
        },
        formula: "floor(200 × 5 × 19 ÷ 30) = 633",
        rule: "SEC-34",
        version: "SEC-v1",
        basis: ["list-2026-04"],
        inputs: [
          { label: { ja: "単価", en: "unit price" }, value: "200" },
          { label: { ja: "日数", en: "days" }, value: "19" },
        ],
      },
    ],
    totals: [
      { label: { ja: "消費税", en: "Consumption tax" }, amount: 63, formula: "floor(633 × 10%) = 63" },
      { label: { ja: "合計", en: "Total" }, amount: 696 },
    ],
  },
  "insurance-certificate": {
    ...common,
    number: "SEC-2104-000012-7/001A2B3C4D5E",
    contractNumber: "SEC-2104-000012-7",
    service: { ja: "コーポレートセキュリティ(エンドポイント)", en: "Corporate security, endpoint" },
    insurance: { ja: "テレワーク保険(2021年)", en: "telework insurance 2021" },
    cover: { from: "2021-05-01", to: "2022-04-30" },
    mac: "00:1A:2B:3C:4D:5E",
    device: "PC-001",
    registeredOn: "2021-04-25",
    ground: { ja: "SEC-58", en: "SEC-58" },
  },
  report: {
    ...common,
    number: "RPT-2611-000003",
    title: { ja: "OTセキュリティ アセスメント報告書", en: "OT security assessment" },
    period: november,
    score: { value: 62, label: { ja: "対応が必要な項目があります", en: "Some things need you" }, mark: "notice" },
    summary: [
      {
        ja: "24 台の機器を確認し、うち 3 台は台帳にありません。",
        en: "24 devices were seen, 3 of them not in your list.",
      },
      { ja: "登録のない端末から PLC を停止する操作がありました。", en: "An unknown machine stopped a controller." },
    ],
    tiles: [
      { label: { ja: "機器", en: "Devices" }, value: "24" },
      { label: { ja: "重大", en: "Critical" }, value: "2", mark: "critical" },
      { label: { ja: "警告", en: "Warnings" }, value: "5", mark: "bad" },
      { label: { ja: "取得品質", en: "Capture" }, value: { ja: "良好", en: "good" }, mark: "good" },
      { label: { ja: "ゾーン", en: "Zones" }, value: "3" },
    ],
    sections: [
      {
        title: { ja: "検知と対応", en: "Findings and what to do" },
        lead: { ja: "重いものから順に示します。", en: "The worst first." },
        blocks: [
          {
            kind: "items",
            items: [
              {
                mark: "critical",
                label: { ja: "重大", en: "Critical" },
                title: { ja: "PLC が停止されました: 梱包ライン PLC1", en: "Controller stopped: packing line PLC1" },
                facts: [
                  {
                    label: { ja: "通常", en: "Normal" },
                    value: { ja: "90 日間停止なし", en: "Nobody stopped it in 90 days" },
                  },
                  {
                    label: { ja: "対応", en: "What to do" },
                    value: { ja: "作業者に確認してください。", en: "Ask who works there." },
                  },
                ],
              },
            ],
          },
        ],
      },
      {
        title: { ja: "機器と通信", en: "Devices and talk" },
        blocks: [
          { kind: "text", text: { ja: "通信量の多いプロトコルです。", en: "Protocols by volume." } },
          {
            kind: "bars",
            rows: [
              { label: "SLMP", share: 0.62, text: "62 %" },
              { label: "Modbus/TCP", share: 0.2, text: "20 %" },
            ],
          },
          {
            kind: "table",
            columns: [
              { title: { ja: "機器", en: "Device" }, width: "rest", end: false },
              { title: { ja: "検知数", en: "Findings" }, width: "auto", end: true },
            ],
            rows: [
              ["PRESS-PLC1", "2"],
              ["PUMP-DRIVE", "1"],
            ],
          },
        ],
      },
    ],
  },
};
