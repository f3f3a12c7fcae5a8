# Slack's own contracts: what it sends (signed requests) and what it is asked (the Web API).
fa_library(slack
  SOURCES form.cpp inbound.cpp inbound_event.cpp inbound_interaction.cpp inbound_text.cpp json_members.cpp markup.cpp
          signature.cpp web_api.cpp web_call.cpp web_files.cpp web_refusal.cpp web_threads.cpp web_verdict.cpp
  DEPENDS fa_base fa_net fmt::fmt OpenSSL::Crypto nlohmann_json::nlohmann_json)
fa_test(slack SOURCES inbound_test.cpp inbound_text_test.cpp signature_test.cpp web_api_test.cpp web_trouble_test.cpp
        DEPENDS fa_slack fa_test_net nlohmann_json::nlohmann_json)
