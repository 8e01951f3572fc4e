/** Queries of the API and its errors. */
import { describe, expect, test } from "vitest";
import { ApiError, nameOf, withQuery } from "./api.ts";

describe("query", () => {
  test.each([
    { query: undefined, path: "/a" },
    { query: {}, path: "/a" },
    { query: { limit: 500, cursor: null, search: undefined }, path: "/a?limit=500" },
    { query: { search: "東京 & co", open: true }, path: "/a?search=%E6%9D%B1%E4%BA%AC+%26+co&open=true" },
  ])("$path", ({ query, path }) => expect(withQuery("/a", query)).toBe(path));
});

test("an error keeps the code, the sentence, the id to quote and the fields", () => {
  const fields = [{ pointer: "/body/mail", message: "no" }];
  const error = new ApiError({ status: 422, code: "INVALID_INPUT", title: "t", detail: "d", instance: "id-1", fields });
  expect(error).toMatchObject({
    status: 422,
    code: "INVALID_INPUT",
    detail: "d",
    instance: "id-1",
    fields,
    offline: false,
  });
});
test("status 0 means that no server answered", () =>
  expect(new ApiError({ status: 0, code: "OFFLINE", title: "", detail: "", instance: "" }).offline).toBe(true));

describe("name of a saved file", () => {
  test.each([
    { header: `attachment; filename="a.pdf"`, name: "a.pdf" },
    { header: `attachment; filename="____.pdf"; filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8.pdf`, name: "請求書.pdf" },
    { header: `attachment; filename="a.pdf"; filename*=UTF-8''%E8%AB`, name: "a.pdf" },
    { header: "", name: undefined },
  ])("$name", ({ header, name }) => expect(nameOf(header)).toBe(name));
});
