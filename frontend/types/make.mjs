// Makes shared/generated/api.ts, the types of what the pages and the API say to each other, from
// docs/reference/openapi.json. Run in frontend/, with `--check` it only says whether the file is as it should be:
//   node types/make.mjs
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

const SOURCE = new URL("../../docs/reference/openapi.json", import.meta.url);
const TARGET = new URL("../shared/generated/api.ts", import.meta.url);
/** The schemas that the pages name; what these are made of comes along. */
const NAMED = [
  "BoardOut", "BoardRoutesOut", "ChangesOut", "ComparedOut", "DriverMessagesOut", "DriverOut", "ForeseenOut", "InsertionsOut", "LivePlacesOut", "OddsOut", "PathOut",
  "RouteOut", "TraceOut", "WhyOut",
];

const text = await readFile(SOURCE, "utf8");
const document = JSON.parse(text);
const made = await types(document.components.schemas);
if (process.argv.includes("--check")) {
  const stands = await readFile(TARGET, "utf8").catch(() => "");
  if (stands !== made) {
    console.error("frontend/shared/generated/api.ts is old: run `node types/make.mjs` in frontend/");
    process.exit(1);
  }
} else {
  await writeFile(TARGET, made);
}

/** One TypeScript module: an interface for each schema. */
async function types(schemas) {
  const definitions = Object.fromEntries(reached(schemas).map((name) => [name, { ...plain(schemas[name]), title: name }]));
  const root = {
    title: "Schemas",
    type: "object",
    additionalProperties: false,
    definitions,
    properties: Object.fromEntries(Object.keys(definitions).map((name) => [name, { $ref: `#/definitions/${name}` }])),
    required: Object.keys(definitions),
  };
  const sum = createHash("sha256").update(text).digest("hex");
  const banner = `// Made by types/make.mjs from docs/reference/openapi.json; a test fails when it is old.\n// sha256 ${sum}\n/* eslint-disable */`;
  return compile(root, "Schemas", {
    bannerComment: banner,
    ignoreMinAndMaxItems: true,
    strictIndexSignatures: false,
    style: { printWidth: 120 },
    format: true,
  });
}

/** The named schemas and all that they speak of. */
function reached(schemas) {
  const found = new Set(NAMED);
  for (const name of found)
    for (const [, other] of JSON.stringify(schemas[name]).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) found.add(other);
  return [...found].sort();
}

/** A schema as the compiler reads it: no titles but the definitions', tuples as `items`; a reference and no more, for one
 *  with words of its own would become a second type. */
function plain(schema) {
  if (Array.isArray(schema)) return schema.map(plain);
  if (schema === null || typeof schema !== "object") return schema;
  if (typeof schema.$ref === "string") return { $ref: schema.$ref.replace("#/components/schemas/", "#/definitions/") };
  const { title: _title, prefixItems, examples: _examples, ...rest } = schema;
  const kept = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, key === "properties" ? properties(value) : plain(value)]));
  if (prefixItems) Object.assign(kept, { items: prefixItems.map(plain), additionalItems: false });
  if (kept.type === "object" && !kept.additionalProperties && kept.properties) kept.additionalProperties = false;
  return kept;
}

/** Properties, of which one may be called `title`. */
function properties(found) {
  return Object.fromEntries(Object.entries(found).map(([name, schema]) => [name, plain(schema)]));
}
