// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

export default {
  title: "Amazon Connect für SAP",
  panel: "Anrufsteuerung",
  status: {
    starting: "Startet",
    connecting: "Verbindet",
    signIn: "Anmeldung nötig",
    ready: "Angemeldet als {agent}",
    lost: "Verbindung verloren",
    stopped: "Nicht verbunden",
  },
  actions: {
    signIn: "Anmelden",
    retry: "Erneut versuchen",
    dismiss: "Schließen",
    open: "Öffnen",
    allow: "Erlauben",
    saveLog: "Protokoll für Support speichern",
  },
  problems: {
    config_missing: [
      "Die Einstellungen fehlen",
      "config.js ließ sich nicht laden. Bitten Sie die Administration, den Connector neu bereitzustellen.",
    ],
    config_wrong: ["Die Einstellungen sind falsch", "Bitten Sie die Administration, config.js zu berichtigen:"],
    host_none: [
      "Diese Seite arbeitet in SAP",
      "Öffnen Sie SAP und verwenden Sie den Connector dort. Seine Adresse gehört in die Einstellungen von SAP.",
    ],
    host_refused: [
      "Diese Seite darf hier nicht verwendet werden",
      "Sie ist eingebettet von {origin}. Das ist keine der SAP-Adressen in ihren Einstellungen (sapOrigins).",
    ],
    host_unknown: [
      "Diese Seite darf hier nicht verwendet werden",
      "Der Browser sagt nicht, welche Seite sie einbettet, daher ist kein Vergleich mit sapOrigins möglich.",
    ],
    streams_missing: [
      "Die Bibliothek von Amazon Connect fehlt",
      "Sie ließ sich nicht laden. Laden Sie die Seite neu; wenn das nicht hilft, bitten Sie die Administration, den Connector neu bereitzustellen.",
    ],
    storage_blocked: [
      "Der Browser speichert nichts für diese Seite",
      "Amazon Connect braucht das für die Anmeldung. Erlauben Sie es hier. Wenn das nicht hilft, erlauben Sie im Browser Cookies von Drittanbietern für {origin}, oder verlassen Sie den privaten Modus, und laden Sie die Seite neu.",
    ],
    storage_denied: [
      "Der Browser speichert nichts für Amazon Connect",
      "Erlauben Sie es in der Anrufsteuerung, oder erlauben Sie im Browser Cookies von Drittanbietern für {instance} und laden Sie die Seite neu.",
    ],
    start_failed: [
      "Die Seite konnte nicht starten",
      "Laden Sie die Seite neu; wenn das nicht hilft, melden Sie der Administration: {reason}",
    ],
    sign_in: [
      "Melden Sie sich bei Amazon Connect an",
      "Verwenden Sie das Fenster, das sich geöffnet hat. Wenn keines da ist, öffnen Sie es hier.",
    ],
    popup_blocked: [
      "Der Browser hat das Anmeldefenster blockiert",
      "Öffnen Sie es hier und erlauben Sie Pop-ups für diese Seite.",
    ],
    auth_failed: [
      "Amazon Connect hat die Anmeldung nicht angenommen",
      "Die Sitzung ist zu Ende oder wurde abgelehnt. Melden Sie sich erneut an.",
    ],
    signed_out: ["Sie sind abgemeldet", "Melden Sie sich wieder an, um Anrufe anzunehmen."],
    access_denied: [
      "Kein Zugriff auf die Anrufsteuerung",
      "Ihr Benutzer in Amazon Connect darf sie nicht verwenden. Bitten Sie die Administration um ein Sicherheitsprofil mit dieser Berechtigung.",
    ],
    not_answering: [
      "Amazon Connect antwortet noch nicht",
      "Melden Sie sich an, wenn Sie es nicht sind. Sonst fragen Sie die Administration, ob {origin} bei {instance} als Ursprung genehmigt ist.",
    ],
    unreachable: [
      "Amazon Connect ist nicht erreichbar",
      "Prüfen Sie das Netz. Wenn andere Seiten gehen, fragen Sie die Administration, ob {instance} hier gesperrt ist. Die Seite versucht es weiter.",
    ],
    retries_exhausted: [
      "Amazon Connect antwortet nicht",
      "Niemand hat sich rechtzeitig angemeldet, oder die Instanz lässt sich hier nicht einbetten. Melden Sie sich an und versuchen Sie es erneut. Wenn es so bleibt, fragen Sie die Administration, ob {origin} bei {instance} als Ursprung genehmigt ist.",
    ],
    authorize_exhausted: [
      "Amazon Connect lehnt die Sitzung immer wieder ab",
      "Melden Sie sich erneut an und versuchen Sie es noch einmal.",
    ],
    connection_lost: [
      "Die Verbindung zu Amazon Connect ist verloren",
      "Bis sie wieder da ist, erreichen Sie keine Anrufe. Prüfen Sie das Netz; die Seite verbindet sich von selbst wieder.",
    ],
    microphone_not_delegated: [
      "Kein Mikrofon in diesem Fenster",
      "Die Seite um diese herum gibt das Mikrofon nicht weiter, man hört Sie also nicht. Fragen Sie die Administration, oder verwenden Sie ein Telefon.",
    ],
    microphone_denied: ["Das Mikrofon ist blockiert", "Erlauben Sie es für diese Seite in der Adressleiste des Browsers."],
    softphone_window: [
      "Anrufe hören Sie in einem eigenen Fenster",
      "Öffnen Sie es, melden Sie sich dort an, wenn es danach fragt, und lassen Sie es offen, solange Sie Anrufe annehmen.",
    ],
    softphone_failed: ["Das Softphone hat ein Problem", "Amazon Connect meldet: {reason}"],
    dial_waiting: ["Der Anruf wartet", "{number} wird angerufen, sobald Sie angemeldet sind."],
    dial_refused: ["{number} wird nicht angerufen", ""],
    recording_blocked: [
      "Der Browser hat die Aufnahme blockiert",
      "Öffnen Sie sie hier und erlauben Sie Pop-ups für diese Seite.",
    ],
  },
  reasons: {
    number: "Das ist keine Telefonnummer, die man anrufen kann.",
    country: "Ihre Instanz ruft dieses Land nicht an.",
    permission: "Sie dürfen nicht anrufen. Bitten Sie die Administration um diese Berechtigung.",
    busy: "Beenden Sie zuerst den laufenden Anruf.",
    late: "Sie waren nach einer Minute nicht angemeldet. Klicken Sie erneut.",
    library: "Die Nummer ließ sich nicht prüfen. Laden Sie die Seite neu.",
    failed: "Amazon Connect meldet: {reason}",
  },
};
