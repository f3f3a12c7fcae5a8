list(APPEND formats_sources
  command_output.cpp
  command_output_reader.cpp
  container_wrapper.cpp
  embedded_metrics.cpp
  header_columns.cpp
  header_words.cpp
  json_cursor.cpp
  json_log_line.cpp
  log_header.cpp
  log_keys.cpp
  log_lines_reader.cpp
  log_text.cpp
  multiline.cpp
  part_border.cpp
  pending_log_record.cpp
  service_name.cpp
  shell_prompt.cpp
  structured_fields.cpp
  text_header.cpp
  timestamp.cpp
  timestamp_parts.cpp
)
list(APPEND formats_test_sources
  command_output_reader_test.cpp
  json_log_line_test.cpp
  log_header_test.cpp
  log_lines_reader_test.cpp
  service_name_test.cpp
  timestamp_test.cpp
)
# Apart from the others, since it unpacks its data itself.
fa_test(loghub SOURCES loghub_test.cpp DEPENDS fa_formats PkgConfig::zstd)
