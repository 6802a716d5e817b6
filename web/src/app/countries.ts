import { i18n } from "@lingui/core";
import type { Option } from "../ui/inputs";

/** ISO 3166-1 alpha-2; the browser knows their names in every language. */
const CODES =
  "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW".split(
    " ",
  );

/** The name of a country in the language shown; the code itself when it is none. */
export function countryName(code: string): string {
  return new Intl.DisplayNames([i18n.locale], { type: "region" }).of(code) ?? code;
}

/** All countries by name, in the order of the language shown. */
export function countryOptions(): Option[] {
  const names = new Intl.DisplayNames([i18n.locale], { type: "region" });
  const collator = new Intl.Collator(i18n.locale);
  return CODES.map((code) => ({ value: code, label: names.of(code) ?? code })).sort((one, other) =>
    collator.compare(one.label, other.label),
  );
}
