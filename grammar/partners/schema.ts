/**
 * The shape of a partner list (JSON Schema, draft 7); published as docs/partners.schema.json,
 * and a test keeps the two the same.
 */
export const partnersSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Privet partner list",
  description:
    "Interworking partners, as a provisioning system exports them. A CSV file has the same names as columns; several domains, addresses, listeners, authorities or revocations of one partner have blanks between them.",
  type: "object",
  required: ["partners"],
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    partners: { type: "array", items: { $ref: "#/definitions/partner" } },
  },
  definitions: {
    partner: {
      type: "object",
      required: ["name", "domains"],
      additionalProperties: false,
      properties: {
        name: {
          description: "by which rules call the partner",
          type: "string",
          pattern: "^[A-Za-z0-9][A-Za-z0-9-]*$",
          maxLength: 128,
        },
        domains: {
          description: "compared whole, without regard to case (RFC 5922 7.2)",
          type: "array",
          minItems: 1,
          items: { type: "string", pattern: "^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$", maxLength: 253 },
        },
        listeners: { type: "array", items: { type: "string", minLength: 1 } },
        addresses: {
          description: "IP addresses or prefixes, such as 192.0.2.0/24",
          type: "array",
          items: { type: "string", pattern: "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$" },
        },
        agreement: {
          type: "object",
          required: ["name", "from", "to"],
          additionalProperties: false,
          properties: {
            name: { type: "string", minLength: 1 },
            from: { description: "the first day in force, UTC", type: "string", format: "date" },
            to: { description: "the last day in force, UTC", type: "string", format: "date" },
          },
        },
        authorities: {
          description: "PEM files, relative to this list",
          type: "array",
          items: { type: "string", minLength: 1 },
        },
        revocations: {
          description: "files with CRLs (RFC 5280 5), PEM or DER, relative to this list",
          type: "array",
          items: { type: "string", minLength: 1 },
        },
        "extended-key-usage": { description: "RFC 5924 5", enum: ["rfc5924", "lenient"] },
        "shares-host": { description: "one certificate may name this partner and another", type: "boolean" },
        "tls-required": { description: "never sent to in clear", type: "boolean" },
        options: {
          description: "this partner's values of the policy's options",
          type: "object",
          additionalProperties: { type: "string" },
        },
      },
    },
  },
} as const;
