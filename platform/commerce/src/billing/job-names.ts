/** Names of the jobs of billing. */
export const runJob = "commerce.bill-run";
export const monthlyJob = "commerce.bill-month";
export const takeUpJob = "commerce.bill-take-up";
export const mailJob = "commerce.bill-mails";
