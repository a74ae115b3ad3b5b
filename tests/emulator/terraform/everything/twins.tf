# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Every resource once more, by each of the keys that its data source takes. Read after the resource has changed.

data "aws_connect_instance" "main_by_id" {
  instance_id = aws_connect_instance.main.id

  depends_on = [aws_connect_instance.main]
}

data "aws_connect_instance" "main_by_alias" {
  instance_alias = aws_connect_instance.main.instance_alias

  depends_on = [aws_connect_instance.main]
}

data "aws_connect_hours_of_operation" "office_by_id" {
  instance_id           = aws_connect_instance.main.id
  hours_of_operation_id = aws_connect_hours_of_operation.office.hours_of_operation_id

  depends_on = [aws_connect_hours_of_operation.office]
}

data "aws_connect_hours_of_operation" "office_by_name" {
  instance_id = aws_connect_instance.main.id
  name        = aws_connect_hours_of_operation.office.name

  depends_on = [aws_connect_hours_of_operation.office]
}

data "aws_connect_queue" "sales_by_id" {
  instance_id = aws_connect_instance.main.id
  queue_id    = aws_connect_queue.sales.queue_id

  depends_on = [aws_connect_queue.sales]
}

data "aws_connect_queue" "sales_by_name" {
  instance_id = aws_connect_instance.main.id
  name        = aws_connect_queue.sales.name

  depends_on = [aws_connect_queue.sales]
}

data "aws_connect_quick_connect" "phone_by_id" {
  instance_id      = aws_connect_instance.main.id
  quick_connect_id = aws_connect_quick_connect.phone.quick_connect_id

  depends_on = [aws_connect_quick_connect.phone]
}

data "aws_connect_quick_connect" "phone_by_name" {
  instance_id = aws_connect_instance.main.id
  name        = aws_connect_quick_connect.phone.name

  depends_on = [aws_connect_quick_connect.phone]
}

data "aws_connect_routing_profile" "sales_by_id" {
  instance_id        = aws_connect_instance.main.id
  routing_profile_id = aws_connect_routing_profile.sales.routing_profile_id

  depends_on = [aws_connect_routing_profile.sales]
}

data "aws_connect_routing_profile" "sales_by_name" {
  instance_id = aws_connect_instance.main.id
  name        = aws_connect_routing_profile.sales.name

  depends_on = [aws_connect_routing_profile.sales]
}

data "aws_connect_contact_flow" "main_by_id" {
  instance_id     = aws_connect_instance.main.id
  contact_flow_id = aws_connect_contact_flow.main.contact_flow_id

  depends_on = [aws_connect_contact_flow.main]
}

data "aws_connect_contact_flow" "main_by_name" {
  instance_id = aws_connect_instance.main.id
  name        = aws_connect_contact_flow.main.name

  depends_on = [aws_connect_contact_flow.main]
}

data "aws_connect_contact_flow_module" "greeting_by_id" {
  instance_id            = aws_connect_instance.main.id
  contact_flow_module_id = aws_connect_contact_flow_module.greeting.contact_flow_module_id

  depends_on = [aws_connect_contact_flow_module.greeting]
}

data "aws_connect_contact_flow_module" "greeting_by_name" {
  instance_id = aws_connect_instance.main.id
  name        = aws_connect_contact_flow_module.greeting.name

  depends_on = [aws_connect_contact_flow_module.greeting]
}

data "aws_connect_security_profile" "agent_by_id" {
  instance_id         = aws_connect_instance.main.id
  security_profile_id = aws_connect_security_profile.agent.security_profile_id

  depends_on = [aws_connect_security_profile.agent]
}

data "aws_connect_security_profile" "agent_by_name" {
  instance_id = aws_connect_instance.main.id
  name        = aws_connect_security_profile.agent.name

  depends_on = [aws_connect_security_profile.agent]
}

data "aws_connect_user" "agent_by_id" {
  instance_id = aws_connect_instance.main.id
  user_id     = aws_connect_user.agent.user_id

  depends_on = [aws_connect_user.agent]
}

data "aws_connect_user" "agent_by_name" {
  instance_id = aws_connect_instance.main.id
  name        = aws_connect_user.agent.name

  depends_on = [aws_connect_user.agent]
}

data "aws_connect_user_hierarchy_group" "country_by_id" {
  instance_id        = aws_connect_instance.main.id
  hierarchy_group_id = aws_connect_user_hierarchy_group.country.hierarchy_group_id

  depends_on = [aws_connect_user_hierarchy_group.country]
}

data "aws_connect_user_hierarchy_group" "country_by_name" {
  instance_id = aws_connect_instance.main.id
  name        = aws_connect_user_hierarchy_group.country.name

  depends_on = [aws_connect_user_hierarchy_group.country]
}

data "aws_connect_user_hierarchy_structure" "company_by_id" {
  instance_id = aws_connect_instance.main.id

  depends_on = [aws_connect_user_hierarchy_structure.company]
}

data "aws_connect_instance_storage_config" "recordings_by_id" {
  instance_id    = aws_connect_instance.main.id
  association_id = aws_connect_instance_storage_config.recordings.association_id
  resource_type  = aws_connect_instance_storage_config.recordings.resource_type

  depends_on = [aws_connect_instance_storage_config.recordings]
}

data "aws_connect_instance_storage_config" "video_by_id" {
  instance_id    = aws_connect_instance.main.id
  association_id = aws_connect_instance_storage_config.video.association_id
  resource_type  = aws_connect_instance_storage_config.video.resource_type

  depends_on = [aws_connect_instance_storage_config.video]
}

data "aws_connect_instance_storage_config" "agent_events_by_id" {
  instance_id    = aws_connect_instance.main.id
  association_id = aws_connect_instance_storage_config.agent_events.association_id
  resource_type  = aws_connect_instance_storage_config.agent_events.resource_type

  depends_on = [aws_connect_instance_storage_config.agent_events]
}

data "aws_connect_instance_storage_config" "contact_records_by_id" {
  instance_id    = aws_connect_instance.main.id
  association_id = aws_connect_instance_storage_config.contact_records.association_id
  resource_type  = aws_connect_instance_storage_config.contact_records.resource_type

  depends_on = [aws_connect_instance_storage_config.contact_records]
}

data "aws_connect_lambda_function_association" "screen_pop_by_arn" {
  instance_id  = aws_connect_instance.main.id
  function_arn = var.function

  depends_on = [aws_connect_lambda_function_association.screen_pop]
}

data "aws_connect_bot_association" "orders_by_name" {
  instance_id = aws_connect_instance.main.id

  lex_bot {
    name = "Orders"
  }

  depends_on = [aws_connect_bot_association.orders]
}

data "aws_connect_vocabulary" "names_by_id" {
  instance_id   = aws_connect_instance.main.id
  vocabulary_id = aws_connect_vocabulary.names.vocabulary_id

  depends_on = [aws_connect_vocabulary.names]
}

data "aws_connect_vocabulary" "names_by_name" {
  instance_id = aws_connect_instance.main.id
  name        = aws_connect_vocabulary.names.name

  depends_on = [aws_connect_vocabulary.names]
}

