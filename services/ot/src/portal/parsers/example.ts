/** The example of docs/declared-protocols.md, to begin with; a test keeps the two alike. */
export const example = `{
  "name": "KB controller",
  "specification": "KB protocol manual, sections 2 and 3",
  "on": { "tcp": [9750] },
  "order": "big",
  "match": [
    { "at": 0, "bytes": "4b 42 01" },
    { "at": 3, "bytes": "00", "mask": "7e" }
  ],
  "length": { "at": 4, "size": 2, "add": 6 },
  "reply": { "by": "field", "at": 3, "size": 1, "mask": "0x80", "value": "0x80" },
  "error": { "at": 3, "size": 1, "equals": "0x81" },
  "transaction": { "at": 6, "size": 2 },
  "function": { "at": 8, "size": 2 },
  "unit": { "at": 10, "size": 2 },
  "low": { "at": 12, "size": 2 },
  "count": { "at": 14, "size": 2 },
  "identities": [
    { "attribute": "model", "at": 12, "length": 16, "in": "answers", "function": 16 },
    { "attribute": "firmware", "at": 29, "length": { "at": 28, "size": 1 }, "in": "answers", "function": 16 }
  ],
  "functions": [
    { "code": 1, "name": "Read", "class": "read" },
    { "code": 2, "name": "Write", "class": "write" },
    { "code": 16, "name": "Who are you", "class": "identify" },
    { "code": 32, "name": "Stop conveyor", "class": "stop" }
  ]
}
`;
