# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What understands callers: a vocabulary for Contact Lens, a bot.

resource "aws_connect_vocabulary" "names" {
  instance_id   = aws_connect_instance.main.id
  name          = "Names"
  language_code = "en-GB"
  content       = "Phrase\tIPA\tSoundsLike\tDisplayAs\nBad-Homburg\t\t\tBad Homburg"
  tags          = var.changed ? { Stage = "second", New = "yes" } : { Stage = "first", Old = "yes" }
}

resource "aws_connect_bot_association" "orders" {
  instance_id = aws_connect_instance.main.id

  lex_bot {
    name       = "Orders"
    lex_region = "eu-west-2"
  }
}
