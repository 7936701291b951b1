# cmake --install, and a .deb by `cpack` in the build folder.
install(TARGETS flowc flowd RUNTIME DESTINATION bin)
install(TARGETS documents preview LIBRARY DESTINATION lib/flow)
install(DIRECTORY specs/ DESTINATION share/flow/specs)
install(DIRECTORY docs DESTINATION share/doc/flow # as in the source, so that the links of README.md hold
  PATTERN man EXCLUDE PATTERN "*.c" EXCLUDE PATTERN "*.py" EXCLUDE)
install(FILES README.md CONTRIBUTING.md LICENSE DESTINATION share/doc/flow)
# `flowc explain` reads these: beside specs/, as in the source.
install(DIRECTORY docs/rules DESTINATION share/flow/docs)
install(DIRECTORY docs/man/ DESTINATION share/man/man1 FILES_MATCHING PATTERN "*.1")

# Completions, as the program itself prints them.
foreach(shell bash zsh fish)
  set(script ${CMAKE_BINARY_DIR}/completions/flowc.${shell})
  add_custom_command(OUTPUT ${script} DEPENDS flowc VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/completions
    COMMAND sh -c "$<TARGET_FILE:flowc> completions ${shell} > ${script}")
  list(APPEND completions ${script})
endforeach()
add_custom_target(completions ALL DEPENDS ${completions})
set(made ${CMAKE_BINARY_DIR}/completions)
install(FILES ${made}/flowc.bash DESTINATION share/bash-completion/completions RENAME flowc)
install(FILES ${made}/flowc.zsh DESTINATION share/zsh/vendor-completions RENAME _flowc)
install(FILES ${made}/flowc.fish DESTINATION share/fish/vendor_completions.d)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME flow)
set(CPACK_PACKAGE_VENDOR "the flow authors")
set(CPACK_PACKAGE_CONTACT "the flow authors <flow@flow.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "fonts-dejavu-core")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "prusa-slicer")
set(CPACK_PACKAGE_DESCRIPTION
"flowc checks the specs of a small manufacturing shop, reckons what its products
cost, and prints work instructions, diagrams, workbooks, quote packets, labels and
forms. flowd, which is to run them on the shop's floor, is only its door yet.")
include(CPack)
