# What `cmake --install` puts where, and the Debian package that CPack makes of it. Paths follow the file system hierarchy;
# packaging/release.sh configures with the prefix /usr.
include(GNUInstallDirs)

set(FA_SYSCONFDIR ${CMAKE_INSTALL_FULL_SYSCONFDIR} CACHE STRING "Where fa2/fa2.toml goes")
set(FA_UNIT_DIR lib/systemd/system CACHE STRING "Where the systemd unit goes")
set(FA_ZSH_DIR share/zsh/site-functions CACHE STRING "Where the completion for zsh goes")
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)

# Pages, completions and the example configuration are written by the program itself, so that they tell what it does.
set(manual ${PROJECT_BINARY_DIR}/manual)
add_custom_command(OUTPUT ${manual}/changelog.Debian.gz
  COMMAND ${PROJECT_SOURCE_DIR}/packaging/write_manual.sh $<TARGET_FILE:fa2> ${PROJECT_SOURCE_DIR} ${manual}
  DEPENDS fa2 ${PROJECT_SOURCE_DIR}/packaging/write_manual.sh
          ${PROJECT_SOURCE_DIR}/packaging/debian/changelog ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  VERBATIM)
add_custom_target(fa2_manual ALL DEPENDS ${manual}/changelog.Debian.gz)
configure_file(${PROJECT_SOURCE_DIR}/packaging/fa2.service.in ${PROJECT_BINARY_DIR}/fa2.service @ONLY)

install(TARGETS fa2 RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${manual}/man1 ${manual}/man5 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${manual}/completion.bash DESTINATION share/bash-completion/completions RENAME fa2)
install(FILES ${manual}/completion.zsh DESTINATION ${FA_ZSH_DIR} RENAME _fa2)
install(FILES ${manual}/completion.fish DESTINATION share/fish/vendor_completions.d RENAME fa2.fish)
install(FILES ${manual}/fa2.toml DESTINATION ${FA_SYSCONFDIR}/fa2)
install(DIRECTORY DESTINATION ${FA_SYSCONFDIR}/fa2/credentials
        DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
install(FILES ${PROJECT_BINARY_DIR}/fa2.service DESTINATION ${FA_UNIT_DIR})
install(FILES ${manual}/changelog.gz ${manual}/changelog.Debian.gz ${PROJECT_SOURCE_DIR}/packaging/debian/copyright
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ops ${PROJECT_SOURCE_DIR}/docs/formats DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/deploy/slack DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${PROJECT_SOURCE_DIR}/packaging/debian/fa2.lintian-overrides DESTINATION share/lintian/overrides RENAME fa2)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fa2)
set(CPACK_PACKAGE_VENDOR "FA2 maintainers")
set(CPACK_PACKAGE_CONTACT "FA2 maintainers <maintainers@fa2.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS ${CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Beside the libraries that dpkg-shlibdeps finds, the one that is loaded later (src/draw/pango_cairo.cpp).
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, libpangocairo-1.0-0, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-noto-cjk, graphviz, poppler-utils")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "time-daemon")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "find out why an alarm fired
FA2, the Failure Analysis Assistant, ranks the likeliest root causes of an
incident from logs, traces, metrics and changes, each with evidence that
anyone can check. It reads files and live AWS accounts, answers in English
and Japanese, and works without a language model or together with one.
.
It comes with a Slack app and its server as the service fa2.service, which
waits to be configured: /etc/fa2/fa2.toml.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${PROJECT_SOURCE_DIR}/packaging/debian/postinst ${PROJECT_SOURCE_DIR}/packaging/debian/prerm
    ${PROJECT_SOURCE_DIR}/packaging/debian/postrm ${PROJECT_SOURCE_DIR}/packaging/debian/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
include(CPack)
