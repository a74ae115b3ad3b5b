// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

export default {
  title: "Amazon Connect pour SAP",
  panel: "Panneau de contrôle des contacts",
  status: {
    starting: "Démarrage",
    connecting: "Connexion",
    signIn: "Connexion requise",
    ready: "Connecté : {agent}",
    lost: "Connexion perdue",
    stopped: "Non connecté",
  },
  actions: {
    signIn: "Se connecter",
    retry: "Réessayer",
    dismiss: "Fermer",
    open: "Ouvrir",
    allow: "Autoriser",
    saveLog: "Enregistrer le journal",
  },
  problems: {
    config_missing: [
      "Les paramètres manquent",
      "config.js n'a pas pu être chargé. Demandez à un administrateur de redéployer le connecteur.",
    ],
    config_wrong: ["Les paramètres sont incorrects", "Demandez à un administrateur de corriger config.js :"],
    host_none: [
      "Cette page fonctionne dans SAP",
      "Ouvrez SAP et utilisez-y le connecteur. Son adresse va dans les paramètres de SAP.",
    ],
    host_refused: [
      "Cette page ne peut pas être utilisée ici",
      "Elle est intégrée par {origin}, qui n'est pas une adresse SAP de ses paramètres (sapOrigins).",
    ],
    host_unknown: [
      "Cette page ne peut pas être utilisée ici",
      "Le navigateur ne dit pas quelle page l'intègre ; la comparaison avec sapOrigins est impossible.",
    ],
    streams_missing: [
      "La bibliothèque Amazon Connect manque",
      "Elle n'a pas pu être chargée. Rechargez la page ; sinon, demandez à un administrateur de redéployer le connecteur.",
    ],
    storage_blocked: [
      "Le navigateur ne garde rien pour cette page",
      "Amazon Connect en a besoin pour la connexion. Autorisez-le ici. Sinon, autorisez les cookies tiers pour {origin} dans le navigateur, ou quittez le mode privé, et rechargez la page.",
    ],
    storage_denied: [
      "Le navigateur ne garde rien pour Amazon Connect",
      "Autorisez-le dans le panneau, ou autorisez les cookies tiers pour {instance} dans le navigateur et rechargez la page.",
    ],
    start_failed: [
      "La page n'a pas pu démarrer",
      "Rechargez la page ; sinon, signalez à un administrateur : {reason}",
    ],
    sign_in: ["Connectez-vous à Amazon Connect", "Utilisez la fenêtre qui s'est ouverte, ou ouvrez-la ici."],
    popup_blocked: [
      "Le navigateur a bloqué la fenêtre de connexion",
      "Ouvrez-la ici et autorisez les fenêtres pop-up pour cette page.",
    ],
    auth_failed: [
      "Amazon Connect n'a pas accepté la connexion",
      "La session est terminée ou a été refusée. Reconnectez-vous.",
    ],
    signed_out: ["Vous êtes déconnecté", "Reconnectez-vous pour prendre des appels."],
    access_denied: [
      "Pas d'accès au panneau de contrôle",
      "Votre utilisateur Amazon Connect n'y a pas droit. Demandez à un administrateur un profil de sécurité qui le permet.",
    ],
    not_answering: [
      "Amazon Connect ne répond pas encore",
      "Connectez-vous si ce n'est pas fait. Sinon, demandez à un administrateur si {origin} est une origine approuvée de {instance}.",
    ],
    unreachable: [
      "Amazon Connect est injoignable",
      "Vérifiez le réseau. Si d'autres pages marchent, demandez à un administrateur si {instance} est bloqué ici. La page réessaie.",
    ],
    retries_exhausted: [
      "Amazon Connect ne répond pas",
      "Personne ne s'est connecté à temps, ou l'instance refuse d'être intégrée ici. Connectez-vous et réessayez. Sinon, demandez à un administrateur si {origin} est une origine approuvée de {instance}.",
    ],
    authorize_exhausted: ["Amazon Connect refuse toujours la session", "Reconnectez-vous, puis réessayez."],
    connection_lost: [
      "La connexion à Amazon Connect est perdue",
      "Aucun appel ne vous parvient d'ici là. Vérifiez le réseau ; la page se reconnecte seule.",
    ],
    microphone_not_delegated: [
      "Pas de microphone dans cette fenêtre",
      "La page autour de celle-ci ne transmet pas le microphone : on ne vous entend pas. Demandez à un administrateur, ou utilisez un téléphone.",
    ],
    microphone_denied: ["Le microphone est bloqué", "Autorisez-le pour ce site dans la barre d'adresse du navigateur."],
    softphone_window: [
      "Les appels s'entendent dans une fenêtre à part",
      "Ouvrez-la, connectez-vous si elle le demande et laissez-la ouverte tant que vous prenez des appels.",
    ],
    softphone_failed: ["Le softphone a un problème", "Amazon Connect signale : {reason}"],
    dial_waiting: ["L'appel attend", "{number} sera appelé dès que vous serez connecté."],
    dial_refused: ["{number} n'est pas appelé", ""],
    recording_blocked: [
      "Le navigateur a bloqué l'enregistrement",
      "Ouvrez-le ici et autorisez les fenêtres pop-up pour cette page.",
    ],
  },
  reasons: {
    number: "Ce n'est pas un numéro que l'on peut appeler.",
    country: "Votre instance n'appelle pas ce pays.",
    permission: "Vous ne pouvez pas appeler. Demandez cette autorisation à un administrateur.",
    busy: "Terminez d'abord l'appel en cours.",
    late: "Vous n'étiez pas connecté après une minute. Cliquez de nouveau.",
    library: "Le numéro n'a pas pu être vérifié. Rechargez la page.",
    failed: "Amazon Connect signale : {reason}",
  },
};
