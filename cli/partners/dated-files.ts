/** The authorities and CRLs that partners name, as far as their dates go; each file is read once. */
import { lastOfEach, type PartnerSource } from "../../border/configuration/index.ts";
import {
  type CertificateDescription,
  describeCertificate,
  type RevocationListReading,
  readRevocationList,
} from "../../wire/index.ts";
import type { Term } from "../days.ts";

type List = Extract<RevocationListReading, { readonly unreadable: undefined }>;

/** Both are good through the second that they name (RFC 5280 4.1.2.5, 6.3.3 a). */
const second = 1_000;

export const termOfCertificate = ({
  notBefore,
  notAfter,
}: Record<"notBefore" | "notAfter", number>): Term => ({
  from: notBefore,
  until: notAfter + second,
});

export const termOfList = ({ thisUpdate, nextUpdate }: List): Term => ({
  from: thisUpdate,
  until: nextUpdate + second,
});

export class DatedFiles {
  readonly #source: Pick<PartnerSource, "authorities" | "revocations">;
  readonly #authorities = new Map<string, readonly CertificateDescription[]>();
  readonly #revocations = new Map<string, readonly List[]>();

  constructor(source: Pick<PartnerSource, "authorities" | "revocations">) {
    this.#source = source;
  }

  /** The certificates in a file; none where it can't be read. */
  authority(file: string): readonly CertificateDescription[] {
    let described = this.#authorities.get(file);
    if (described === undefined) {
      described = (this.#source.authorities.get(file) ?? []).map(describeCertificate);
      this.#authorities.set(file, described);
    }
    return described;
  }

  /** Of each issuer in a file the CRL that ends last; none where one of them can't be read. */
  revocation(file: string): readonly List[] {
    let lists = this.#revocations.get(file);
    if (lists === undefined) {
      const all = (this.#source.revocations.get(file) ?? []).map(readRevocationList);
      const readable = all.filter((one) => one.unreadable === undefined);
      lists = readable.length === all.length ? lastOfEach(readable) : [];
      this.#revocations.set(file, lists);
    }
    return lists;
  }
}
