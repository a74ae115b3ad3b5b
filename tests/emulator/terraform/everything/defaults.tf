# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What a new instance holds, by name.

data "aws_connect_hours_of_operation" "default" {
  instance_id = aws_connect_instance.main.id
  name        = "Basic Hours"
}

data "aws_connect_queue" "default" {
  instance_id = aws_connect_instance.main.id
  name        = "BasicQueue"
}

data "aws_connect_routing_profile" "default" {
  instance_id = aws_connect_instance.main.id
  name        = "Basic Routing Profile"
}

data "aws_connect_security_profile" "default_agent" {
  instance_id = aws_connect_instance.main.id
  name        = "Agent"
}

data "aws_connect_contact_flow" "default_outbound" {
  instance_id = aws_connect_instance.main.id
  name        = "Default outbound"
}

data "aws_connect_contact_flow" "default_queue_transfer" {
  instance_id = aws_connect_instance.main.id
  name        = "Default queue transfer"
}

data "aws_connect_contact_flow" "default_agent_transfer" {
  instance_id = aws_connect_instance.main.id
  name        = "Default agent transfer"
}

data "aws_connect_prompt" "beep" {
  instance_id = aws_connect_instance.main.id
  name        = "Beep.wav"
}
