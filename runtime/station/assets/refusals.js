// What the engine refuses, in the language of the page: its sentence is the key, with {} for what stands in it. What is not here is said in
// English, as it came.
import { language } from "./texts.js";

export const refusals = {
  de: {
    "unit {} of batch {} is not at {}: it is at {}": "Stück {1} von Los {2} steht nicht bei „{3}“: Es steht bei „{4}“",
    "unit {} of batch {} is not at {}: it is finished": "Stück {1} von Los {2} steht nicht bei „{3}“: Es ist fertig",
    "unit {} of batch {} is not at {}: it is scrap": "Stück {1} von Los {2} steht nicht bei „{3}“: Es ist Ausschuss",
    "unit {} of batch {} is not at {}: it is in quarantine": "Stück {1} von Los {2} steht nicht bei „{3}“: Es ist im Sperrlager",
    "unit {} of batch {} is not at {}: it was shipped in parcel {}": "Stück {1} von Los {2} steht nicht bei „{3}“: Es ging in Paket {4} aus dem Haus",
    "no unit of batch {} is at {}": "Von Los {1} steht kein Stück bei „{2}“",
    "there is no batch {}": "Es gibt kein Los {1}",
    "batch {} is closed": "Los {1} ist abgeschlossen",
    "batch {} was cancelled": "Los {1} wurde abgesagt",
    "batch {} was not started": "Los {1} ist nicht begonnen",
    "batch {} has the units 1 to {}": "Los {1} hat die Stücke 1 bis {2}",
    "there is no lot {}; receive it first": "Es gibt keine Charge {1}; sie muss erst eingehen",
    "{} uses no {}, which lot {} is of": "„{1}“ braucht kein {2}, und das ist Charge {3}",
    "lot {} is on hold": "Charge {1} ist gesperrt",
    "lot {} is in use at {} already, {} of it; a correction says why": "Charge {1} ist bei „{2}“ schon in Gebrauch ({3}); eine Berichtigung sagt, warum",
    "no lot of {} was used at {} yet: there is nothing to correct": "Bei „{2}“ war noch keine Charge {1} genannt: Es gibt nichts zu berichtigen",
    "{} was recorded as {}; a correction says why": "{1} ist mit {2} eingetragen; eine Berichtigung sagt, warum",
    "{} is not recorded yet": "{1} ist noch nicht eingetragen",
    "which lot of {} goes in is not said yet": "Welche Charge {1} hineingeht, ist noch nicht gesagt",
    "{} of unit {} was judged already; a correction says why": "{1} von Stück {2} ist schon beurteilt; eine Berichtigung sagt, warum",
    "the pieces at {} were counted already; a correction says why": "Bei „{1}“ ist schon gezählt; eine Berichtigung sagt, warum",
    "the pieces are not counted yet": "Die Stücke sind noch nicht gezählt",
    "unit {} was found defective: it leaves by rework or reject": "Stück {1} ist nicht gut: Es geht in die Nacharbeit oder wird Ausschuss",
    "the sample is not whole: {} of {} are inspected": "Die Stichprobe ist nicht vollständig: {1} von {2} sind geprüft",
    "{}, and unit {} is not inspected yet": "Stück {2} ist noch nicht geprüft",
    "unit {} went by {} {} times already, and may at most {}": "Stück {1} ging schon {3}-mal diesen Weg ({2}), erlaubt ist es {4}-mal",
    "`{}` is no reading; type digits, and a point": "„{1}“ ist kein Messwert; bitte Ziffern eingeben",
    "say why: the record keeps it": "Bitte sagen, warum: Es steht dann im Protokoll",
    "say why they leave by {}": "Bitte sagen, warum sie so weggehen ({1})",
    "{} is signed by {}, and {} is not": "„{1}“ unterschreibt {2}, und {3} ist das nicht",
    "{} approves it as {}, and {} is not": "{1} gibt {2} frei, und {3} ist das nicht",
    "the sample has {} pieces, and {} are finished as the spec is now{}": "Das Muster hat {1} Stück, und {2} sind nach der heutigen Vorgabe fertig",
    "unit {} of batch {} is not in quarantine": "Stück {1} von Los {2} ist nicht im Sperrlager",
    "unit {} is in parcel {}; unpack it first": "Stück {1} ist in Paket {2}; es muss erst heraus",
    "lot {}, which is in unit {}, is on hold": "Charge {1}, die in Stück {2} steckt, ist gesperrt",
    "lot {}, which is in unit {} of batch {}, is on hold": "Charge {1}, die in Stück {2} von Los {3} steckt, ist gesperrt",
    "unit {} of batch {} is not finished": "Stück {1} von Los {2} ist nicht fertig",
    "unit {} of batch {} is not for line {} of order {}; assign it first": "Stück {1} von Los {2} ist nicht für Position {3} von Auftrag {4}",
    "unit {} of batch {} is in parcel {}": "Stück {1} von Los {2} ist in Paket {3}",
    "parcel {} is shipped; take another": "Paket {1} ist aus dem Haus; bitte ein anderes nehmen",
    "parcel {} is for order {}; take another": "Paket {1} ist für Auftrag {2}; bitte ein anderes nehmen",
    "parcel {} is shipped": "Paket {1} ist aus dem Haus",
    "line {} of order {} is owed {} more than what is packed": "Position {1} von Auftrag {2} ist nur noch {3} offen",
    "there is nothing in parcel {}": "In Paket {1} ist nichts",
    "this is for {}, and {} is not; an admin gives roles": "Das darf nur {1}, und {2} ist das nicht; ein Admin vergibt die Rollen",
    "{} was dismissed, and may do nothing any more": "{1} ist ausgeschieden und darf nichts mehr",
  },
};

// What is to be shown, and in which language it is.
export function refusalText(sentence, said) {
  const text = said && refusals[language()]?.[said[0]];
  return text ? { lang: language(), text: text.replace(/\{(\d)\}/g, (_, n) => said[n] ?? "") } : { lang: "en", text: sentence };
}
